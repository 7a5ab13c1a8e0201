import assert from "node:assert/strict";
import { declared, gatewaySettings, Landscape, messages, succeeded } from "../support/landscape";
import { type Values } from "../support/mocks";
import { all, find, inputs, label, listOf } from "../support/questions";

const ownReference = "read pulumi:pulumi:StackReference organization/shared-services/dev";

const emptyGateway = [
  "CloudWatchRole gateway-logging",
  "GatewayBalancer gateway-main",
  "GatewayVpcLink gateway-link",
  "PeeredVpc gateway",
  "apigateway.Account gateway-logging-account",
  "apigatewayv2.VpcLink gateway-link-v2",
  "ec2.RouteTable gateway-routes",
  ...["balancer", "link"].flatMap((tier) =>
    ["a", "b"].flatMap((zone) => [
      `ec2.RouteTableAssociation gateway-${tier}-us-east-1${zone}-routes`,
      `ec2.Subnet gateway-${tier}-us-east-1${zone}`,
    ]),
  ),
  "ec2.SecurityGroup gateway-link-sg",
  "ec2.SecurityGroup gateway-main-sg",
  "ec2.Vpc gateway-vpc",
  "iam.Role gateway-logging-role",
  "iam.RolePolicyAttachment gateway-logging-policy",
  "lb.LoadBalancer gateway-main-nlb",
  "vpc.SecurityGroupEgressRule gateway-main-from-link",
].sort();

const references = [
  ownReference,
  "read pulumi:pulumi:StackReference organization/provider-account/old",
  "read pulumi:pulumi:StackReference organization/provider-account/shop",
];

describe("the gateway's program", () => {
  it("deploys network, balancer and link at its first up, and says for whom it waits", async () => {
    const result = succeeded(await new Landscape().upGateway());
    assert.deepEqual(listOf(result), [...emptyGateway, ...references].sort());
    const reasons = ["old", "shop"].map(
      (name) =>
        `provider "${name}" publishes its contract: run pulumi up in stack organization/provider-account/${name}, then here again`,
    );
    assert.deepEqual(result.outputs.waitingFor, reasons);
    assert.deepEqual(
      messages(result),
      reasons.map((reason) => `Waiting: ${reason}`),
    );
    assert.deepEqual(result.outputs.gatewayContract, {
      version: 1,
      account: "111111111111",
      region: "us-east-1",
      vpcId: "gateway-vpc-id",
      cidrBlocks: ["10.0.0.0/20"],
      balancers: { main: { "us-east-1a": "10.0.0.10", "us-east-1b": "10.0.2.10" } },
      placements: {},
      providers: {},
    });
    assert.equal("url" in result.outputs, false);
  });

  it("makes no reference to a provider whose stack is not named yet", async () => {
    const landscape = new Landscape();
    landscape.gateway = { ...gatewaySettings, providers: { shop: {} } };
    const result = succeeded(await landscape.upGateway());
    assert.deepEqual(listOf(result), [...emptyGateway, ownReference].sort());
    assert.deepEqual(result.outputs.waitingFor, [
      'provider "shop" has no stack in the configuration yet; name it in providers.shop.stack',
    ]);
  });

  it("leaves the account's CloudWatch role to a landing zone on request", async () => {
    const landscape = new Landscape();
    landscape.gateway = { ...gatewaySettings, cloudWatchRole: "external" };
    const list = listOf(succeeded(await landscape.upGateway()));
    assert.deepEqual(
      [...emptyGateway, ...references].filter((text) => !list.includes(text)).sort(),
      emptyGateway.filter((text) => text.includes("gateway-logging")),
    );
  });

  it("requests, routes and publishes everything of the providers whose contracts are there", async () => {
    const landscape = new Landscape();
    succeeded(await landscape.upProvider("shop"));
    const result = succeeded(await landscape.upGateway());
    assert.deepEqual(result.outputs.waitingFor, [
      'provider "old" publishes its contract: run pulumi up in stack organization/provider-account/old, then here again',
      'provider "shop" accepts the peering connection: run pulumi up in stack organization/provider-account/shop after this one',
    ]);
    const target = (name: string) => [
      `PrivateApiTarget ${name}`,
      `lb.Listener ${name}-listener`,
      `lb.TargetGroup ${name}-tg`,
      `lb.TargetGroupAttachment ${name}-attachment-100.64.16.10`,
      `lb.TargetGroupAttachment ${name}-attachment-100.64.18.10`,
      `vpc.SecurityGroupIngressRule ${name}-from-link`,
    ];
    const added = [
      "Peering gateway-shop",
      "ec2.VpcPeeringConnection gateway-shop-connection",
      "ec2.Route gateway-shop-route-main-10.20.0.0/20",
      "ec2.Route gateway-shop-route-main-100.64.16.0/20",
      ...target("orders"),
      "vpc.SecurityGroupEgressRule gateway-main-to-100.64.16.10-8080",
      "vpc.SecurityGroupEgressRule gateway-main-to-100.64.18.10-8080",
      ...target("refunds"),
      "vpc.SecurityGroupEgressRule refunds-to-100.64.16.10-8081",
      "vpc.SecurityGroupEgressRule refunds-to-100.64.18.10-8081",
      "GatewayBalancer refunds",
      "ec2.SecurityGroup refunds-sg",
      "lb.LoadBalancer refunds-nlb",
      "vpc.SecurityGroupEgressRule refunds-from-link",
      "CentralGateway gateway",
      "apigateway.Deployment gateway-deployment",
      "apigateway.MethodSettings gateway-methods",
      "apigateway.RestApi gateway-api",
      "apigateway.Stage gateway-stage",
      "cloudwatch.LogGroup gateway-access",
    ];
    assert.deepEqual(listOf(result), [...emptyGateway, ...references, ...added].sort());
    assert.equal(result.outputs.url, "https://gateway-stage.example/live");
    const contract = result.outputs.gatewayContract as Values;
    assert.deepEqual(contract.providers, {
      shop: {
        connectionId: "gateway-shop-connection-id",
        sourceAddresses: ["10.0.0.10", "10.0.0.20", "10.0.2.10", "10.0.2.20"],
      },
    });
  });

  it("tells each provider the shared balancers and those of its own targets, not those of others", async () => {
    const landscape = new Landscape();
    const last = await landscape.connect();
    const { providers, balancers } = last.gateway?.outputs.gatewayContract as {
      providers: Record<string, Values>;
      balancers: Values;
    };
    assert.deepEqual(balancers, {
      main: { "us-east-1a": "10.0.0.10", "us-east-1b": "10.0.2.10" },
      refunds: { "us-east-1a": "10.0.0.20", "us-east-1b": "10.0.2.20" },
    });
    assert.deepEqual(providers.old?.sourceAddresses, ["10.0.0.10", "10.0.2.10"]);
    assert.deepEqual(providers.shop?.sourceAddresses, ["10.0.0.10", "10.0.0.20", "10.0.2.10", "10.0.2.20"]);
    assert.deepEqual(last.gateway?.outputs.waitingFor, []);
  });

  it("names the region of a provider that is elsewhere, and sets the DNS option only after the acceptance", async () => {
    const landscape = new Landscape();
    const providers = { ...(gatewaySettings.providers as Values) };
    landscape.gateway = {
      ...gatewaySettings,
      providers: { shop: { ...(providers.shop as Values), resolveDns: true } },
    };
    succeeded(await landscape.upProvider("shop"));
    const contract = landscape.outputsOf("shop").providerContract as Values;
    const before = succeeded(await landscape.upGateway());
    assert.deepEqual(all(before, "ec2.PeeringConnectionOptions"), []);
    assert.equal("peerRegion" in inputs(before, "ec2.VpcPeeringConnection gateway-shop-connection"), false);
    contract.region = "eu-west-1";
    const connection = contract.connection as Values;
    connection.acceptedConnectionId = "pcx-1";
    const after = succeeded(await landscape.upGateway());
    assert.equal(inputs(after, "ec2.VpcPeeringConnection gateway-shop-connection").peerRegion, "eu-west-1");
    assert.deepEqual(
      all(after, "ec2.PeeringConnectionOptions").map(({ inputs: option }) => option),
      [
        {
          vpcPeeringConnectionId: "gateway-shop-connection-id",
          requester: { allowRemoteVpcDnsResolution: true },
        },
      ],
    );
  });

  it("gives each balancer a V1 link of its own on request, and every integration its balancer's link", async () => {
    const landscape = new Landscape();
    landscape.gateway = { ...gatewaySettings, link: { version: "V1" } };
    const { gateway } = await landscape.connect();
    assert.ok(gateway);
    assert.deepEqual(
      all(gateway, "apigateway.VpcLink").map(({ name }) => name),
      ["gateway-main-v1", "refunds-v1"],
    );
    assert.deepEqual(all(gateway, "apigatewayv2.VpcLink"), []);
    const body = JSON.parse(String(inputs(gateway, "apigateway.RestApi gateway-api").body)) as {
      paths: Record<string, Record<string, Values>>;
    };
    const connections = Object.entries(body.paths).map(([path, methods]) => {
      const integration = Object.values(methods)[0]?.["x-amazon-apigateway-integration"] as Values;
      assert.equal("integrationTarget" in integration, false);
      return [path, integration.connectionId];
    });
    assert.deepEqual(
      connections.filter(([path]) => !String(path).includes("{")),
      [
        ["/cards", "gateway-main-v1-id"],
        ["/limits", "gateway-main-v1-id"],
        ["/orders", "gateway-main-v1-id"],
        ["/refunds", "refunds-v1-id"],
      ],
    );
  });

  it("registers the same resources in a preview in which no id is known", async () => {
    const landscape = new Landscape();
    const { gateway } = await landscape.connect();
    assert.ok(gateway);
    const preview = succeeded(await landscape.upGateway({ preview: true }));
    assert.deepEqual(listOf(preview), listOf(gateway));
  });

  it("puts every resource below a component and none outside its own account's provider", async () => {
    const { gateway } = await new Landscape().connect();
    assert.ok(gateway);
    const tops = new Set(
      declared(gateway)
        .filter(({ parent }) => label(parent).startsWith("pulumi:pulumi:Stack"))
        .map(({ type }) => type.split(":")[0]),
    );
    assert.deepEqual([...tops], ["central-private-gateway"]);
    assert.deepEqual([...new Set(declared(gateway).map(({ provider }) => provider))], ["default"]);
    for (const resource of declared(gateway)) assert.equal("region" in resource.inputs, false, resource.urn);
    assert.equal(label(find(gateway, "Peering gateway-shop").parent), "PeeredVpc gateway");
  });
});

describe("removal", () => {
  it("of a provider is a decision in the gateway's configuration, and touches no other provider", async () => {
    const landscape = new Landscape();
    const { gateway: before } = await landscape.connect();
    assert.ok(before);
    const { shop } = gatewaySettings.providers as Values;
    landscape.gateway = { ...gatewaySettings, providers: { shop } };
    const after = succeeded(await landscape.upGateway());
    const list = listOf(after);
    const gone = listOf(before).filter((text) => !list.includes(text));
    assert.ok(gone.includes("Peering gateway-old") && gone.includes("PrivateApiTarget cards"));
    assert.deepEqual(
      gone.filter(
        (text) => !/ (gateway-old|cards|limits|gateway-main-to-10\.50)|provider-account\/old$/.test(text),
      ),
      [],
    );
    assert.deepEqual(
      list.filter((text) => !listOf(before).includes(text)),
      [],
    );
  });
});
