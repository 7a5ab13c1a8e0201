import assert from "node:assert/strict";
import { Collector } from "../../common/collector";
import { readGatewayConfig } from "../../configuration/gateway-config";
import { configOf, type Settings } from "../support/landscape";

const network = { cidrBlocks: ["10.0.0.0/20"], zones: ["us-east-1a"] };

function read(settings: Settings) {
  const collector = new Collector();
  const config = readGatewayConfig(configOf("gw", "111111111111", settings), "gw", collector);
  return { config, problems: collector.problems };
}

describe("the gateway's configuration", () => {
  it("has a default for everything but the network", () => {
    const { config, problems } = read({ network });
    assert.deepEqual(problems, []);
    assert.deepEqual(config, {
      account: "111111111111",
      region: "us-east-1",
      network,
      link: { version: "V2" },
      balancers: { main: {} },
      providers: {},
      targets: {},
      api: {
        stage: "live",
        callers: { accounts: [], roles: [] },
        throttling: { rateLimit: 1000, burstLimit: 500 },
        logRetentionDays: 90,
      },
      cloudWatchRole: "create",
      quotas: { securityGroupRules: 60, routesPerRouteTable: 500, peeringConnections: 50 },
    });
  });

  it("fills in the settings of a target and of a provider that are left out", () => {
    const { config, problems } = read({
      network,
      targets: { a: { listenerPort: 80 } },
      providers: { p: {} },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(config.targets, {
      a: { listenerPort: 80, authorizer: "AWS_IAM", timeoutMilliseconds: 29_000 },
    });
    assert.deepEqual(config.providers, { p: { resolveDns: false } });
  });

  const wrong: [settings: Settings, where: string, value: string | undefined, allowed: RegExp][] = [
    [{}, "gw:network", undefined, /map/],
    [{ network: { ...network, zones: [] } }, "gw:network.zones", "[]", /at least 1/],
    [
      { network: { ...network, zones: ["us-east-2a"] } },
      "gw:network.zones[0]",
      '"us-east-2a"',
      /us-east-1 and one letter/,
    ],
    [
      { network: { ...network, cidrBlocks: ["10.0.0.0/8"] } },
      "gw:network.cidrBlocks[0]",
      '"10.0.0.0/8"',
      /\/16 to \/28/,
    ],
    [{ network: { ...network, zone: [] } }, "gw:network.zone", "zone", /cidrBlocks, zones/],
    [{ network, link: { version: "v2" } }, "gw:link.version", '"v2"', /V1 or V2/],
    [{ network, balancers: { main: { hostNumber: 3 } } }, "gw:balancers.main.hostNumber", "3", /at least 4/],
    [
      { network, balancers: { "a-very-long-one": {} } },
      "gw:balancers.a-very-long-one",
      '"a-very-long-one"',
      /at most 12/,
    ],
    [
      { network, balancers: { main: { addresses: { z: "1.1.1.1" } } } },
      "gw:balancers.main.addresses.z",
      '"1.1.1.1"',
      /inside 10/,
    ],
    [
      { network, providers: { gateway: {} } },
      "gw:providers.gateway",
      '"gateway"',
      /a short name other than gateway/,
    ],
    [
      { network, providers: { "gateway-a": {} } },
      "gw:providers.gateway-a",
      '"gateway-a"',
      /begin with "gateway-"/,
    ],
    [
      { network, providers: { p: { stack: "dev" } } },
      "gw:providers.p.stack",
      '"dev"',
      /organization\/project\/stack/,
    ],
    [{ network, providers: [] }, "gw:providers", "[]", /a map from name/],
    [{ network, targets: { A: {} } }, "gw:targets.A", '"A"', /1 to 20 characters/],
    [{ network, targets: { a: { listenerPort: 0 } } }, "gw:targets.a.listenerPort", "0", /1 to 65535/],
    [
      { network, targets: { a: { authorizer: "none" } } },
      "gw:targets.a.authorizer",
      '"none"',
      /AWS_IAM, NONE/,
    ],
    [
      { network, targets: { a: { timeoutMilliseconds: 49 } } },
      "gw:targets.a.timeoutMilliseconds",
      "49",
      /at least 50/,
    ],
    [
      { network, targets: { a: { timeoutMilliseconds: 29_001 } } },
      "gw:targets.a.timeoutMilliseconds",
      "29001",
      /at most 29000/,
    ],
    [{ network, targets: { a: { timout: 1 } } }, "gw:targets.a.timout", "timout", /timeoutMilliseconds/],
    [{ network, api: { stage: "a/b" } }, "gw:api.stage", '"a/b"', /letters, digits/],
    [{ network, api: { callers: { accounts: ["1"] } } }, "gw:api.callers.accounts[0]", '"1"', /12 digits/],
    [
      { network, api: { callers: { organization: "o-1" } } },
      "gw:api.callers.organization",
      '"o-1"',
      /o- and 10 to 32/,
    ],
    [
      { network, api: { callers: { roles: ["arn:aws:iam::111111111111:role/*"] } } },
      "gw:api.callers.roles[0]",
      '"arn:aws:iam::111111111111:role/*"',
      /without wildcards/,
    ],
    [{ network, api: { throttling: { rateLimit: 0 } } }, "gw:api.throttling.rateLimit", "0", /at least 1/],
    [
      { network, api: { throttling: { burstLimit: 5001 } } },
      "gw:api.throttling.burstLimit",
      "5001",
      /at most 5000/,
    ],
    [{ network, api: { logRetentionDays: 2 } }, "gw:api.logRetentionDays", "2", /./],
    [{ network, cloudWatchRole: "mine" }, "gw:cloudWatchRole", '"mine"', /create or external/],
    [{ network, quotas: { peeringConnections: 126 } }, "gw:quotas.peeringConnections", "126", /at most 125/],
    [{ network, quota: {} }, "gw:quota", "quota", /quotas/],
  ];
  for (const [settings, where, value, allowed] of wrong) {
    it(`refuses ${where} ${value ?? "left out"}`, () => {
      const { problems } = read(settings);
      assert.deepEqual(
        problems.map((problem) => [problem.where, problem.value]),
        [[where, value]],
      );
      assert.match(problems[0]?.allowed ?? "", allowed);
      assert.notEqual(problems[0]?.change ?? "", "");
    });
  }

  it("tells all mistakes at once, and keeps what is right", () => {
    const { config, problems } = read({
      network: { cidrBlocks: ["x"], zones: ["us-east-1a"] },
      api: { stage: "" },
      targets: { good: {}, bad: { listenerPort: -1 } },
    });
    assert.deepEqual(
      problems.map(({ where }) => where),
      ["gw:network.cidrBlocks[0]", "gw:targets.bad.listenerPort", "gw:api.stage"],
    );
    assert.equal(config.network, undefined);
    assert.deepEqual(Object.keys(config.targets ?? {}), ["good"]);
  });
});
