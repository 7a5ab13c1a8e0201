import assert from "node:assert/strict";
import { declared, Landscape, messages, oldSettings, shopSettings, succeeded } from "../support/landscape";
import { type Run, type Values } from "../support/mocks";
import { all, find, inputs, label, listOf } from "../support/questions";

const gatewayStack = "organization/shared-services/dev";
const reference = (stack: string) => `read pulumi:pulumi:StackReference ${stack}`;

function refused(result: Run): string {
  assert.deepEqual(declared(result), []);
  assert.equal(result.failures.length, 1, result.failures.map(({ message }) => message).join("\n"));
  return result.failures[0]?.message ?? "";
}

describe("a provider's program", () => {
  it("deploys network and services at its first up, and says what it waits for", async () => {
    const result = succeeded(await new Landscape().upProvider("shop"));
    const block = "100.64.16.0/20";
    assert.deepEqual(
      listOf(result),
      [
        reference("organization/provider-account/shop"),
        reference(gatewayStack),
        "DemonstrationService shop",
        "DemonstrationVpc shop",
        "PeeredVpc shop-vpc",
        "autoscaling.Group shop-instances",
        "awsx:ec2:Vpc shop",
        "ec2.LaunchTemplate shop-template",
        `ec2.RouteTableAssociation shop-${block}-us-east-1a-routes`,
        `ec2.RouteTableAssociation shop-${block}-us-east-1b-routes`,
        "ec2.SecurityGroup shop-instance-sg",
        "ec2.SecurityGroup shop-nlb-sg",
        `ec2.Subnet shop-${block}-us-east-1a`,
        `ec2.Subnet shop-${block}-us-east-1b`,
        `ec2.VpcIpv4CidrBlockAssociation shop-block-${block}`,
        "lb.Listener orders-listener",
        "lb.Listener refunds-listener",
        "lb.LoadBalancer shop-nlb",
        "lb.TargetGroup orders-tg",
        "lb.TargetGroup refunds-tg",
        "vpc.SecurityGroupEgressRule shop-nlb-to-orders",
        "vpc.SecurityGroupEgressRule shop-nlb-to-refunds",
        "vpc.SecurityGroupIngressRule shop-instance-from-nlb-orders",
        "vpc.SecurityGroupIngressRule shop-instance-from-nlb-refunds",
      ].sort(),
    );
    const reason = `the gateway publishes its contract: run pulumi up in stack ${gatewayStack}, then here again`;
    assert.deepEqual(result.outputs.waitingFor, [reason]);
    assert.deepEqual(messages(result), [`Waiting: ${reason}`]);
    const common = { privateCa: false, scheme: "http", dialAddresses: ["100.64.16.10", "100.64.18.10"] };
    assert.deepEqual(result.outputs.providerContract, {
      version: 1,
      name: "shop",
      account: "222222222222",
      region: "us-east-1",
      connection: { kind: "peering", vpcId: "shop-id", cidrBlocks: ["10.20.0.0/20", block] },
      targets: {
        orders: {
          ...common,
          port: 8080,
          basePath: "/orders",
          healthCheck: { protocol: "HTTP", path: "/health" },
        },
        refunds: { ...common, port: 8081, basePath: "/refunds", healthCheck: { protocol: "TCP" } },
      },
    });
  });

  for (const gateway of [undefined, {}]) {
    it(`makes no reference to a gateway that its configuration does not name: ${JSON.stringify(gateway)}`, async () => {
      const landscape = new Landscape();
      const { stacks } = landscape;
      delete stacks[gatewayStack];
      landscape.providers.shop = { ...shopSettings, gateway: gateway ?? {} };
      const result = succeeded(await landscape.upProvider("shop"));
      assert.deepEqual(result.outputs.waitingFor, [
        "the gateway's stack is not in the configuration yet; name it in gateway.stack",
      ]);
    });
  }

  it("reads what exists around an adopted VPC, and changes nothing before the gateway asks", async () => {
    const landscape = new Landscape();
    succeeded(await landscape.upGateway());
    const result = succeeded(await landscape.upProvider("old"));
    assert.deepEqual(
      listOf(result).filter((text) => !text.startsWith("read")),
      ["ExistingNetwork old-existing", "PeeredVpc old-vpc"],
    );
    assert.deepEqual(result.outputs.waitingFor, [
      `the gateway asks provider "old" for a connection: run pulumi up in stack ${gatewayStack}, then here again`,
    ]);
  });

  it("accepts, routes back in every route table, and admits the exact addresses to the exact ports", async () => {
    const { shop, old } = await new Landscape().connect();
    assert.ok(shop && old);
    const addresses = ["10.0.0.10", "10.0.0.20", "10.0.2.10", "10.0.2.20"];
    const rulesOf = (result: Run) =>
      all(result, "vpc.SecurityGroupIngressRule")
        .filter(({ name }) => name.includes("-admit-"))
        .map(({ inputs: { cidrIpv4, fromPort, toPort, securityGroupId, ipProtocol } }) =>
          [cidrIpv4, fromPort, toPort, securityGroupId, ipProtocol].join(" "),
        )
        .sort();
    assert.deepEqual(
      rulesOf(shop),
      addresses
        .flatMap((address) => [8080, 8081].map((port) => `${address}/32 ${port} ${port} shop-nlb-sg-id tcp`))
        .sort(),
    );
    assert.deepEqual(
      rulesOf(old),
      ["10.0.0.10", "10.0.2.10"]
        .flatMap((address) => [8443, 9000].map((port) => `${address}/32 ${port} ${port} sg-0000000a tcp`))
        .sort(),
    );
    const routesOf = (result: Run) =>
      all(result, "ec2.Route").map(
        ({ inputs: { routeTableId, destinationCidrBlock, vpcPeeringConnectionId } }) => [
          routeTableId,
          destinationCidrBlock,
          vpcPeeringConnectionId,
        ],
      );
    assert.deepEqual(routesOf(shop), [
      ["shop-table-us-east-1a-id", "10.0.0.0/20", "shop-gateway-accepter-id"],
      ["shop-table-us-east-1b-id", "10.0.0.0/20", "shop-gateway-accepter-id"],
    ]);
    assert.deepEqual(routesOf(old), [["rtb-0000000a", "10.0.0.0/20", "old-gateway-accepter-id"]]);
    assert.equal(
      inputs(old, "ec2.VpcPeeringConnectionAccepter old-gateway-accepter").vpcPeeringConnectionId,
      "gateway-old-connection-id",
    );
    const contract = old.outputs.providerContract as { connection: Values };
    assert.equal(contract.connection.acceptedConnectionId, "old-gateway-accepter-id");
    assert.deepEqual([shop.outputs.waitingFor, old.outputs.waitingFor], [[], []]);
    assert.equal(label(find(old, "Peering old-gateway").parent), "PeeredVpc old-vpc");
  });

  it("routes back to every block of the gateway, in every route table", async () => {
    const landscape = new Landscape();
    const network = { cidrBlocks: ["10.0.0.0/20", "10.1.0.0/24"], zones: ["us-east-1a"] };
    landscape.gateway = { ...landscape.gateway, network };
    const { shop } = await landscape.connect();
    assert.ok(shop);
    const routes = all(shop, "ec2.Route").map(({ inputs: { routeTableId, destinationCidrBlock } }) =>
      [routeTableId, destinationCidrBlock].join(" "),
    );
    assert.deepEqual(routes.sort(), [
      "shop-table-us-east-1a-id 10.0.0.0/20",
      "shop-table-us-east-1a-id 10.1.0.0/24",
      "shop-table-us-east-1b-id 10.0.0.0/20",
      "shop-table-us-east-1b-id 10.1.0.0/24",
    ]);
  });

  it("registers the same resources in a preview in which no id is known", async () => {
    const landscape = new Landscape();
    const { shop } = await landscape.connect();
    assert.ok(shop);
    const preview = succeeded(await landscape.upProvider("shop", { preview: true }));
    assert.deepEqual(listOf(preview), listOf(shop));
  });

  it("leaves the gateway when its configuration does not name it any more", async () => {
    const landscape = new Landscape();
    await landscape.connect();
    landscape.providers.old = { ...oldSettings, gateway: {} };
    const result = succeeded(await landscape.upProvider("old"));
    assert.deepEqual(all(result, "Peering"), []);
    const { connection } = result.outputs.providerContract as { connection: Values };
    assert.equal("acceptedConnectionId" in connection, false);
  });
});

describe("a provider's program stops before any resource", () => {
  const connected = async () => {
    const landscape = new Landscape();
    await landscape.connect();
    return landscape;
  };

  it("when the gateway's contract was there and is missing, or asks no more", async () => {
    const landscape = await connected();
    const { gatewayContract } = landscape.outputsOf("gateway");
    landscape.stacks[gatewayStack] = { outputs: {} };
    assert.match(
      refused(await landscape.upProvider("shop")),
      /was there at the last deployment and is missing now/,
    );
    landscape.stacks[gatewayStack] = {
      outputs: { gatewayContract: { ...(gatewayContract as Values), providers: {} } },
    };
    const message = refused(await landscape.upProvider("shop"));
    assert.match(message, /asked provider "shop" for a connection at the last deployment and does not now/);
    assert.match(message, /to leave the gateway on purpose, remove gateway/);
  });

  it("when the gateway's contract is secret, newer or malformed", async () => {
    const landscape = await connected();
    const gatewayContract = landscape.outputsOf("gateway").gatewayContract as Values;
    for (const [outputs, secrets, expected] of [
      [{ gatewayContract }, ["gatewayContract"], /is secret/],
      [{ gatewayContract: { ...gatewayContract, version: 2 } }, [], /newer version.*given: version 2/],
      [{ gatewayContract: { ...gatewayContract, cidrBlocks: [] } }, [], /cidrBlocks: is malformed/],
    ] as const) {
      landscape.stacks[gatewayStack] = { outputs, secrets: [...secrets] };
      assert.match(refused(await landscape.upProvider("old")), expected);
    }
  });

  it("when its own last contract cannot be read", async () => {
    const landscape = await connected();
    landscape.stacks["organization/provider-account/old"] = { outputs: { providerContract: { version: 1 } } };
    assert.match(refused(await landscape.upProvider("old")), /cannot read its own last contract/);
  });

  it("when its blocks overlap the gateway's", async () => {
    const landscape = new Landscape();
    succeeded(await landscape.upGateway());
    landscape.providers.shop = {
      ...shopSettings,
      network: { create: { cidrBlocks: ["10.20.0.0/20", "10.0.8.0/24"], zones: ["us-east-1a"] } },
      demonstration: {},
    };
    const message = refused(await landscape.upProvider("shop"));
    assert.match(
      message,
      /network\[1\]: overlaps 10\.0\.0\.0\/20 of the gateway; given: 10\.0\.8\.0\/24 of provider shop/,
    );
  });

  it("for all mistakes of its configuration at once, without a reference to any stack", async () => {
    const landscape = new Landscape();
    landscape.providers.shop = {
      ...shopSettings,
      nam: "x",
      services: {
        orders: { basePath: "orders", port: 8080 },
        refunds: { basePath: "/refunds", port: 80, scheme: "https" },
        files: { basePath: "/files", port: 81, openApi: "nowhere.yaml" },
      },
    };
    const result = await landscape.upProvider("shop");
    const message = refused(result);
    assert.deepEqual(listOf(result), []);
    assert.match(message, /write "name" instead/);
    assert.match(message, /services\.orders\.basePath: is not a base path; given: "orders"/);
    assert.match(message, /services\.refunds\.serverName: is missing/);
    assert.match(
      message,
      /services\.refunds\.scheme: is https, which the demonstration service does not speak/,
    );
    assert.match(message, /services\.files\.openApi: names a file that cannot be read \(ENOENT\)/);
  });
});
