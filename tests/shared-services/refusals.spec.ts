import assert from "node:assert/strict";
import {
  declared,
  gatewaySettings,
  Landscape,
  oldSettings,
  shopSettings,
  succeeded,
} from "../support/landscape";
import { type Run, type Values } from "../support/mocks";
import { all, inputs, listOf } from "../support/questions";

const shopStack = "organization/provider-account/shop";

/** A refused run: its one message, and the proof that nothing but references was registered. */
function refused(result: Run): string {
  assert.deepEqual(declared(result), []);
  assert.equal(result.failures.length, 1, result.failures.map(({ message }) => message).join("\n"));
  return result.failures[0]?.message ?? "";
}

describe("the gateway's program stops before any resource", () => {
  const connected = async () => {
    const landscape = new Landscape();
    await landscape.connect();
    return landscape;
  };

  it("when a contract that it has seen is missing", async () => {
    const landscape = await connected();
    landscape.stacks[shopStack] = { outputs: {} };
    const message = refused(await landscape.upGateway());
    assert.match(message, /provider "shop": was there at the last deployment and is missing now/);
    assert.match(message, /nothing of the provider is deleted until then/);
    assert.match(message, /to disconnect "shop" on purpose, remove it from providers/);
  });

  it("when the stack of a provider that it has seen is not named any more", async () => {
    const landscape = await connected();
    landscape.gateway = {
      ...gatewaySettings,
      providers: { ...(gatewaySettings.providers as Values), old: {} },
    };
    assert.match(refused(await landscape.upGateway()), /"old": was there .* its stack is not named/);
  });

  it("when a contract is secret, newer or malformed, whether it was seen or not", async () => {
    for (const landscape of [await connected(), new Landscape()]) {
      const shop = landscape.stacks[shopStack] ?? { outputs: {} };
      const contract = { ...(shop.outputs.providerContract as Values) };
      for (const [outputs, secrets, expected] of [
        [{ providerContract: contract }, ["providerContract"], /is secret/],
        [{ providerContract: { ...contract, version: 2 } }, [], /newer version.*given: version 2/],
        [{ providerContract: { version: 1 } }, [], /account: is missing/],
      ] as const) {
        landscape.stacks[shopStack] = { outputs, secrets: [...secrets] };
        assert.match(refused(await landscape.upGateway()), expected);
      }
    }
  });

  it("when its own last contract cannot be read", async () => {
    const landscape = await connected();
    landscape.stacks["organization/shared-services/dev"] = { outputs: { gatewayContract: { version: 3 } } };
    assert.match(refused(await landscape.upGateway()), /cannot read its own last contract/);
  });

  it("when a balancer's addresses change, with the advice to add a second one, which is accepted", async () => {
    const landscape = await connected();
    landscape.gateway = { ...gatewaySettings, balancers: { main: { hostNumber: 11 } } };
    const message = refused(await landscape.upGateway());
    assert.match(
      message,
      /balancers\.main: would be replaced .* its address in us-east-1a is 10\.0\.0\.10, .*; given: 10\.0\.0\.11, /,
    );
    assert.match(message, /add a second balancer with the new addresses/);
    landscape.gateway = { ...gatewaySettings, balancers: { main: {}, next: { hostNumber: 11 } } };
    const result = succeeded(await landscape.upGateway());
    assert.equal(all(result, "lb.LoadBalancer").filter(({ name }) => name === "gateway-next-nlb").length, 1);
    assert.equal(inputs(result, "lb.Listener orders-listener").loadBalancerArn, "gateway-main-nlb-arn");
    const admitted = succeeded(await landscape.upProvider("old"));
    const addresses = all(admitted, "vpc.SecurityGroupIngressRule").map(
      ({ inputs: { cidrIpv4 } }) => cidrIpv4,
    );
    assert.deepEqual([...new Set(addresses)].sort(), [
      "10.0.0.10/32",
      "10.0.0.11/32",
      "10.0.2.10/32",
      "10.0.2.11/32",
    ]);
    const targets = { ...(gatewaySettings.targets as Values), orders: { balancer: "next" } };
    landscape.gateway = { ...landscape.gateway, targets };
    const held = succeeded(await landscape.upGateway());
    assert.equal(inputs(held, "lb.Listener orders-listener").loadBalancerArn, "gateway-main-nlb-arn");
    assert.deepEqual(held.outputs.waitingFor, [
      'provider "shop" admits 10.0.0.11, 10.0.2.11: run pulumi up in its stack, then here again, and target "orders" moves from balancer "main" to "next"',
    ]);
    succeeded(await landscape.upProvider("shop"));
    const moved = succeeded(await landscape.upGateway());
    assert.deepEqual(moved.outputs.waitingFor, []);
    assert.equal(inputs(moved, "lb.Listener orders-listener").loadBalancerArn, "gateway-next-nlb-arn");
    assert.equal(inputs(moved, "lb.Listener cards-listener").loadBalancerArn, "gateway-main-nlb-arn");
  });

  it("when a zone goes, and not when one is added", async () => {
    const landscape = await connected();
    const withZones = (...zones: string[]) => {
      landscape.gateway = { ...gatewaySettings, network: { cidrBlocks: ["10.0.0.0/20"], zones } };
      return landscape.upGateway();
    };
    assert.match(refused(await withZones("us-east-1a")), /given: no node in us-east-1b/);
    succeeded(await withZones("us-east-1c", "us-east-1b", "us-east-1a"));
  });

  it("for all mistakes of contracts at once", async () => {
    const landscape = new Landscape();
    landscape.providers.shop = { ...shopSettings, services: { orders: { basePath: "/same", port: 8080 } } };
    const cards = { basePath: "/same", port: 80, existing: [{ address: "10.50.1.25" }] };
    landscape.providers.old = { ...oldSettings, services: { orders: cards } };
    for (const name of ["shop", "old"]) succeeded(await landscape.upProvider(name));
    const shop = landscape.outputsOf("shop").providerContract as {
      connection: Values;
      name: string;
      targets: Values;
    };
    shop.connection.cidrBlocks = ["10.50.0.0/16"];
    Object.assign(shop.targets.orders as Values, { dialAddresses: ["10.50.16.10"] });
    shop.name = "shopping";
    const message = refused(await landscape.upGateway());
    assert.match(message, /\(3\):\n/);
    assert.match(message, /provider shop, cidrBlocks\[0\]: overlaps 10\.50\.0\.0\/20 of provider old/);
    assert.match(message, /name: is another provider's name .* given: shopping; allowed: shop/);
    assert.match(message, /services\.orders: is the name of a target of provider "old", too/);
  });

  it("for a wrong configuration, without a reference to any stack", async () => {
    const landscape = new Landscape();
    landscape.gateway = { ...gatewaySettings, netwrok: {}, link: { version: "V3" } };
    const result = await landscape.upGateway();
    const message = refused(result);
    assert.match(message, /netwrok.*write "network" instead/);
    assert.match(message, /link\.version.*allowed: V1 or V2/);
    assert.deepEqual(listOf(result), []);
  });
});
