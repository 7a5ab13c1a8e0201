import assert from "node:assert/strict";
import { PrivateApiTarget, type PrivateApiTargetArgs } from "../../components/private-api-target";
import { balancerArgs, sharedBalancer, targetOn } from "../support/fixtures";
import { succeed } from "../support/mocks";
import { all, find, inputs, label, listOf, refusal, refusedPaths } from "../support/questions";

const shared = [
  "GatewayBalancer lb",
  "GatewayVpcLink link",
  "apigatewayv2.VpcLink link-v2",
  "ec2.SecurityGroup lb-sg",
  "ec2.SecurityGroup link-sg",
  "lb.LoadBalancer lb-nlb",
  "vpc.SecurityGroupEgressRule lb-from-link",
];

function integrationOf({ integration, listenerPort }: PrivateApiTarget) {
  return { ...integration, integrationTarget: integration.integrationTarget ?? "none", listenerPort };
}

/** One target called `shop`, on a shared balancer of the version given, listening on 9001. */
function declare(more: Partial<PrivateApiTargetArgs> = {}, version: "V1" | "V2" = "V2") {
  return succeed(() =>
    integrationOf(targetOn(sharedBalancer(version), "shop", { listenerPort: 9001, ...more })),
  );
}

describe("PrivateApiTarget on a shared balancer", () => {
  it("adds a group, a listener, an attachment and the link's rule below itself, and the rule to its address below the balancer", async () => {
    const result = await declare();
    const own = [
      "PrivateApiTarget shop",
      "lb.Listener shop-listener",
      "lb.TargetGroup shop-tg",
      "lb.TargetGroupAttachment shop-attachment-10.20.1.10",
      "vpc.SecurityGroupIngressRule shop-from-link",
    ];
    const way = "vpc.SecurityGroupEgressRule lb-to-10.20.1.10-8080";
    assert.deepEqual(listOf(result), [...shared, ...own, way].sort());
    for (const text of own.slice(1)) assert.equal(label(find(result, text).parent), "PrivateApiTarget shop");
    assert.equal(label(find(result, way).parent), "GatewayBalancer lb");
  });

  it("needs no rule from the link when the link is a V1 link, whose traffic no rule can name", async () => {
    const result = await declare({}, "V1");
    assert.deepEqual(listOf(result), [
      "GatewayBalancer lb",
      "PrivateApiTarget shop",
      "apigateway.VpcLink lb-v1",
      "ec2.SecurityGroup lb-sg",
      "lb.Listener shop-listener",
      "lb.LoadBalancer lb-nlb",
      "lb.TargetGroup shop-tg",
      "lb.TargetGroupAttachment shop-attachment-10.20.1.10",
      "vpc.SecurityGroupEgressRule lb-to-10.20.1.10-8080",
    ]);
  });

  it("listens with TCP on its own port and forwards to its own group", async () => {
    const result = await declare();
    assert.deepEqual(inputs(result, "lb.Listener shop-listener"), {
      loadBalancerArn: "lb-nlb-arn",
      port: 9001,
      protocol: "TCP",
      defaultActions: [{ type: "forward", targetGroupArn: "shop-tg-arn" }],
    });
    assert.deepEqual(inputs(result, "lb.TargetGroup shop-tg"), {
      vpcId: "vpc-gateway",
      targetType: "ip",
      protocol: "TCP",
      port: 8080,
      preserveClientIp: "false",
      healthCheck: { enabled: true, protocol: "TCP", port: "traffic-port" },
    });
    const group = find(result, "lb.TargetGroup shop-tg");
    assert.deepEqual(group.replaceWith.map(label), ["lb.LoadBalancer lb-nlb"]);
    // Its balancer's name is in a tag, so that a target which moves gets a new group.
    assert.deepEqual(group.inputs.tags, { Name: "shop", Balancer: "lb" });
    assert.deepEqual(group.replaceOnChanges, ["tags.Balancer"]);
  });

  it("keeps the old listener and the link's rule to it until another port is deployed", async () => {
    const result = await declare();
    assert.deepEqual(find(result, "lb.Listener shop-listener").replaceOnChanges, ["port"]);
    const rule = find(result, "vpc.SecurityGroupIngressRule shop-from-link");
    assert.deepEqual(rule.replaceOnChanges, ["fromPort", "toPort"]);
  });

  it("derives the listener's port from its name alone", async () => {
    // printf shop | sha256sum starts with 8d9001d3, cards with 6ac9a32c: modulo 50000, plus 10000.
    const expected = { shop: 35107, cards: 59404 };
    const result = await succeed(() => {
      const balancer = sharedBalancer("V2");
      return {
        cards: targetOn(balancer, "cards").listenerPort,
        shop: targetOn(balancer, "shop").listenerPort,
      };
    });
    assert.deepEqual(result.outputs, expected);
    assert.equal(inputs(result, "lb.Listener shop-listener").port, expected.shop);
  });

  it("registers every address, for zone all only where it lies outside the balancer's VPC", async () => {
    const addresses = ["10.0.15.255", "10.0.16.0", "10.20.1.10", "100.64.3.4"];
    const result = await declare({ addresses });
    const common = { targetGroupArn: "shop-tg-arn", port: 8080 };
    assert.deepEqual(
      all(result, "lb.TargetGroupAttachment").map(({ inputs: attachment }) => attachment),
      [
        { ...common, targetId: "10.0.15.255" },
        { ...common, targetId: "10.0.16.0", availabilityZone: "all" },
        { ...common, targetId: "10.20.1.10", availabilityZone: "all" },
        { ...common, targetId: "100.64.3.4", availabilityZone: "all" },
      ],
    );
    const rules = all(result, "vpc.SecurityGroupEgressRule").filter(({ name }) => name.startsWith("lb-to-"));
    assert.deepEqual(
      rules.map(({ inputs: { cidrIpv4, ...rest } }) => [cidrIpv4, rest]),
      addresses.map((address) => [
        `${address}/32`,
        {
          securityGroupId: "lb-sg-id",
          ipProtocol: "tcp",
          fromPort: 8080,
          toPort: 8080,
          description: "to the address of targets",
        },
      ]),
    );
  });

  it("has one rule for an address and port that two targets have in common, whichever of them is there", async () => {
    const declared = async (...names: string[]) => {
      const result = await succeed(() => {
        const balancer = sharedBalancer("V2");
        for (const name of names) targetOn(balancer, name);
        return {};
      });
      return all(result, "vpc.SecurityGroupEgressRule").map(({ name, inputs: rule }) => ({ name, rule }));
    };
    const both = await declared("shop", "cards");
    assert.deepEqual(
      both.map(({ name }) => name),
      ["lb-from-link", "lb-to-10.20.1.10-8080"],
    );
    for (const names of [["cards", "shop"], ["shop"], ["cards"]])
      assert.deepEqual(await declared(...names), both);
  });

  it("refuses a listener port that another target of the balancer has, with the other mistakes", async () => {
    const twice = await refusal(() => {
      const balancer = sharedBalancer("V2");
      targetOn(balancer, "shop", { listenerPort: 9001 });
      targetOn(balancer, "cards", { listenerPort: 9001, port: 0 });
    });
    assert.deepEqual(
      twice.map(({ where }) => where),
      ["port", "listenerPort"],
    );
    assert.match(twice[1]?.reason ?? "", /target "cards".*balancer "lb"; given: 9001 \(configured\)/);
  });

  it("admits the V2 link to the listener's port and to nothing else", async () => {
    assert.deepEqual(inputs(await declare(), "vpc.SecurityGroupIngressRule shop-from-link"), {
      securityGroupId: "lb-sg-id",
      referencedSecurityGroupId: "link-sg-id",
      ipProtocol: "tcp",
      fromPort: 9001,
      toPort: 9001,
      description: "from the VPC link to shop",
    });
  });

  for (const [protocol, path, expected] of [
    ["TCP", undefined, {}],
    ["HTTP", "/health", { path: "/health", matcher: "200-399" }],
    ["HTTPS", undefined, { path: "/", matcher: "200-399" }],
  ] as const) {
    it(`checks health with ${protocol}`, async () => {
      const https = protocol === "HTTPS" ? { scheme: "https", serverName: "shop.example" } : {};
      const healthCheck = { protocol, ...(path === undefined ? {} : { path }) };
      const result = await declare({ healthCheck, ...https });
      assert.deepEqual(inputs(result, "lb.TargetGroup shop-tg").healthCheck, {
        enabled: true,
        protocol,
        port: "traffic-port",
        ...expected,
      });
    });
  }
});

describe("the integration of a PrivateApiTarget", () => {
  const common = { type: "http_proxy", connectionType: "VPC_LINK", listenerPort: 9001 };

  it("names link and balancer for V2, and the balancer's name and listener port as address", async () => {
    assert.deepEqual((await declare()).outputs, {
      ...common,
      connectionId: "link-v2-id",
      origin: "http://lb-nlb.example:9001",
      uri: "http://lb-nlb.example:9001/{proxy}",
      integrationTarget: "lb-nlb-arn",
      insecureSkipVerification: false,
    });
  });

  it("names the balancer's own link and no balancer for V1", async () => {
    assert.deepEqual((await declare({}, "V1")).outputs, {
      ...common,
      connectionId: "lb-v1-id",
      origin: "http://lb-nlb.example:9001",
      uri: "http://lb-nlb.example:9001/{proxy}",
      integrationTarget: "none",
      insecureSkipVerification: false,
    });
  });

  it("has the server name as host for https, and skips the authority only when asked to", async () => {
    const https = { scheme: "https", serverName: "cards.bank.internal" };
    const { outputs } = await declare({ ...https, privateCa: true });
    assert.equal(outputs.origin, "https://cards.bank.internal:9001");
    assert.equal(outputs.uri, "https://cards.bank.internal:9001/{proxy}");
    assert.equal(outputs.insecureSkipVerification, true);
    assert.equal((await declare(https)).outputs.insecureSkipVerification, false);
  });

  it("leads to the target's own balancer when it has one, behind the V2 link or a V1 link of its own", async () => {
    const withOwn = (link: "V1" | "V2") =>
      succeed(() => {
        const lb = sharedBalancer("V2");
        const more = { ownBalancer: { ...balancerArgs, hostNumber: 30 } };
        const target = targetOn(undefined, "shop", { listenerPort: 80, ...more });
        return { ...integrationOf(target), sharedArn: lb.arn, link };
      });
    const v1 = await withOwn("V1");
    assert.deepEqual(
      listOf(v1).filter((text) => !shared.includes(text)),
      [
        "GatewayBalancer shop",
        "PrivateApiTarget shop",
        "apigateway.VpcLink shop-v1",
        "ec2.SecurityGroup shop-sg",
        "lb.Listener shop-listener",
        "lb.LoadBalancer shop-nlb",
        "lb.TargetGroup shop-tg",
        "lb.TargetGroupAttachment shop-attachment-10.20.1.10",
        "vpc.SecurityGroupEgressRule shop-to-10.20.1.10-8080",
      ],
    );
    assert.equal(label(find(v1, "GatewayBalancer shop").parent), "PrivateApiTarget shop");
    assert.equal(label(find(v1, "lb.LoadBalancer shop-nlb").parent), "GatewayBalancer shop");
    assert.equal(inputs(v1, "lb.Listener shop-listener").loadBalancerArn, "shop-nlb-arn");
    assert.equal(
      inputs(v1, "vpc.SecurityGroupEgressRule shop-to-10.20.1.10-8080").securityGroupId,
      "shop-sg-id",
    );
    assert.deepEqual(
      [v1.outputs.connectionId, v1.outputs.origin, v1.outputs.integrationTarget],
      ["shop-v1-id", "http://shop-nlb.example:80", "none"],
    );
    assert.deepEqual(inputs(v1, "lb.LoadBalancer shop-nlb").subnetMappings, [
      { subnetId: "subnet-a", privateIpv4Address: "10.0.0.30" },
      { subnetId: "subnet-b", privateIpv4Address: "10.0.2.30" },
    ]);
  });

  it("registers the same resources in a preview in which no id is known", async () => {
    const program = () => integrationOf(targetOn(sharedBalancer("V2"), "shop"));
    assert.deepEqual(listOf(await succeed(program, { preview: true })), listOf(await succeed(program)));
  });
});

describe("wrong arguments of PrivateApiTarget", () => {
  it("are refused all at once, those of its own balancer too", async () => {
    const args: PrivateApiTargetArgs = {
      basePath: "payments/",
      addresses: ["10.1.1.1", "10.1.1.1", "10.1.1.256"],
      port: 0,
      listenerPort: 65536,
      scheme: "ftp",
      healthCheck: { protocol: "UDP" },
      ownBalancer: { ...balancerArgs, zones: {}, hostNumber: 1 },
      privateCa: true,
    };
    const declareWith = (more: Partial<PrivateApiTargetArgs>) => () =>
      new PrivateApiTarget("a-target-of-21-letter", { ...args, ...more });
    assert.deepEqual(await refusedPaths(declareWith({})), [
      "name",
      "ownBalancer.zones",
      "basePath",
      "port",
      "listenerPort",
      "addresses[1]",
      "addresses[2]",
      "scheme",
      "healthCheck.protocol",
    ]);
  });

  const good = { basePath: "/a", addresses: ["10.20.1.10"], port: 80 };
  const refused: [title: string, more: Partial<PrivateApiTargetArgs>, where: string, reason: RegExp][] = [
    ["a path with a variable", { basePath: "/a/{id}" }, "basePath", /given: \/a\/\{id\}; allowed: \/segment/],
    ["a fraction of a port", { port: 80.5 }, "port", /given: 80\.5; allowed: a whole number from 1 to 65535/],
    ["a listener on port 0", { listenerPort: 0 }, "listenerPort", /given: 0;/],
    ["no address", { addresses: [] }, "addresses", /is empty; allowed: at least one address/],
    [
      "a name as address",
      { addresses: ["db.internal"] },
      "addresses[0]",
      /given: db\.internal; allowed: an address/,
    ],
    ["https without a server name", { scheme: "https" }, "serverName", /is missing.*allowed: a host name/],
    [
      "a check's path without a slash in front",
      { healthCheck: { protocol: "HTTP", path: "health" } },
      "healthCheck.path",
      /given: health; allowed: a path that starts with \//,
    ],
    [
      "an unknown check",
      { healthCheck: { protocol: "tcp" } },
      "healthCheck.protocol",
      /given: tcp; allowed: TCP/,
    ],
    [
      "a public address outside of the balancer's VPC",
      { addresses: ["8.8.8.8"] },
      "addresses[0]",
      /public address.*given: 8\.8\.8\.8; allowed: .*172\.16\.0\.0\/12/,
    ],
    [
      "a server name with a port",
      { serverName: "db.internal:8443" },
      "serverName",
      /given: db\.internal:8443; allowed: a DNS name/,
    ],
    [
      "an address as server name",
      { scheme: "https", serverName: "10.20.1.10" },
      "serverName",
      /given: 10\.20\.1\.10; allowed: a DNS name/,
    ],
    [
      "a private authority without https",
      { privateCa: true },
      "privateCa",
      /allowed: privateCa with scheme https/,
    ],
    [
      "an HTTPS check of an http service",
      { healthCheck: { protocol: "HTTPS" } },
      "healthCheck.protocol",
      /speaks http; given: HTTPS; allowed: TCP or HTTP/,
    ],
    [
      "a path of a TCP check",
      { healthCheck: { path: "/health" } },
      "healthCheck.path",
      /given: \/health; allowed: a path with protocol HTTP or HTTPS/,
    ],
  ];
  for (const [title, more, where, reason] of refused) {
    it(`are refused: ${title}`, async () => {
      const found = await refusal(
        () => new PrivateApiTarget("t", { ...good, balancer: sharedBalancer("V1"), ...more }),
      );
      assert.deepEqual(
        found.map((problem) => problem.where),
        [where],
      );
      assert.match(found[0]?.reason ?? "", reason);
    });
  }

  it("are refused: a name that only a target group may have, for a target with a balancer of its own", async () => {
    const refusals = async (more: Partial<PrivateApiTargetArgs>) =>
      refusedPaths(() => new PrivateApiTarget("internal", { ...good, ...more }));
    assert.deepEqual(await refusals({ ownBalancer: balancerArgs }), ["name"]);
    const onShared = await succeed(() => integrationOf(targetOn(sharedBalancer("V2"), "internal")));
    assert.ok(listOf(onShared).includes("lb.TargetGroup internal-tg"));
  });

  it("are refused: no balancer, and two", async () => {
    const neither = await refusal(() => new PrivateApiTarget("t", good));
    assert.match(neither[0]?.reason ?? "", /^balancer, ownBalancer: neither is given/);
    const both = await refusal(
      () => new PrivateApiTarget("t", { ...good, balancer: sharedBalancer("V1"), ownBalancer: balancerArgs }),
    );
    assert.match(both[0]?.reason ?? "", /^balancer, ownBalancer: both are given/);
    assert.deepEqual([neither.length, both.length], [1, 1]);
  });
});
