import assert from "node:assert/strict";
import { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { type Properties } from "../../rehearsal/aws/properties";
import { plainObject, resourceValue } from "../../rehearsal/wire-values";
import { Cloud } from "../../simulator/cloud";
import { type Endpoint, serveProviders } from "../../simulator/server";
import { unknownValue, writeStruct } from "../../simulator/wire";
import { type Resource } from "../../resources/resource";
import { FakeMonitor } from "./fake-monitor";
import { ProviderClient } from "./provider-client";

const isolated = {
  cidrBlock: "10.0.0.0/16",
  subnetStrategy: "Exact",
  natGateways: { strategy: "None" },
  subnetSpecs: [{ type: "Isolated", cidrBlocks: ["10.0.0.0/17", "10.0.128.0/17"] }],
};
const provider = "urn:pulumi:dev::test::pulumi:providers:aws::own::1234";
const urn = (type: string, name: string): string => `urn:pulumi:dev::test::${type}::${name}`;

describe("awsx.ec2.Vpc as its plugin makes it", () => {
  let endpoint: Endpoint;
  let client: ProviderClient;
  let monitor: FakeMonitor;

  beforeEach(async () => {
    endpoint = await serveProviders(new Cloud());
    client = new ProviderClient(endpoint.port);
    monitor = new FakeMonitor();
  });
  afterEach(() => {
    client.close();
    endpoint.close();
    monitor.close();
  });

  async function construct(inputs: Properties, change = (request: ConstructRequest) => request) {
    const request = new ConstructRequest()
      .setType("awsx:ec2:Vpc")
      .setName("net")
      .setParent(urn("app:Network", "app"))
      .setInputs(writeStruct(inputs))
      .setMonitorendpoint(await monitor.listen());
    return client.construct(change(request));
  }

  const zones = ["xx-test-1a", "xx-test-1b"];

  it("registers the component below its parent, the children below theirs, and their outputs", async () => {
    const response = await construct({ ...isolated, availabilityZoneNames: zones });
    const component = urn("awsx:ec2:Vpc", "net");
    assert.equal(response.getUrn(), component);
    const kinds = monitor.registered.map(({ type }) => type.split(":").pop());
    assert.deepEqual(kinds, [
      ...["Vpc", "Vpc", "InternetGateway"],
      ...["Subnet", "RouteTable", "RouteTableAssociation"],
      ...["Subnet", "RouteTable", "RouteTableAssociation"],
    ]);
    const [own, vpc, , subnet, table] = monitor.registered;
    assert.equal(own?.parent, urn("app:Network", "app"));
    assert.equal(vpc?.parent, component);
    assert.equal(table?.parent, urn("aws:ec2/subnet:Subnet", subnet?.name ?? ""));
    assert.equal(subnet?.inputs.vpcId, "id-of-net");
    const state = plainObject(response.getState());
    assert.equal(state.vpcId, "id-of-net");
    const made = { urn: urn("aws:ec2/vpc:Vpc", "net"), id: "id-of-net" } as Resource;
    assert.deepEqual(state.vpc, resourceValue(made));
    assert.deepEqual(monitor.outputs.get(component), state);
    assert.deepEqual(monitor.invoked, []);
  });

  it("gives its children the AWS provider and the protection that it was given", async () => {
    await construct({ ...isolated, availabilityZoneNames: zones }, (request) => {
      request.getProvidersMap().set("aws", provider);
      return request.setProtect(true);
    });
    const [component, ...children] = monitor.registered;
    assert.equal(component?.provider, "");
    assert.deepEqual([...new Set(children.map((child) => child.provider))], [provider]);
    assert.ok(monitor.registered.every(({ protect }) => protect === true));
  });

  it("asks the engine for the zones of the AWS provider where none are named", async () => {
    const [first] = isolated.subnetSpecs;
    const subnetSpecs = [{ ...first, cidrBlocks: ["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/17"] }];
    await construct({ ...isolated, subnetSpecs }, (request) => {
      request.getProvidersMap().set("aws", provider);
      return request;
    });
    assert.deepEqual(monitor.invoked, [`aws:index/getAvailabilityZones:getAvailabilityZones ${provider}`]);
    assert.deepEqual(
      monitor.registered
        .filter(({ type }) => type === "aws:ec2/subnet:Subnet")
        .map(({ inputs }) => inputs.availabilityZone),
      ["xx-test-1a", "xx-test-1b", "xx-test-1c"],
    );
  });

  it("passes on in a preview that ids are not known", async () => {
    monitor.close();
    monitor = new FakeMonitor(true);
    const response = await construct({ ...isolated, availabilityZoneNames: zones }, (request) =>
      request.setDryrun(true),
    );
    const subnet = monitor.registered.find(({ type }) => type === "aws:ec2/subnet:Subnet");
    assert.equal(subnet?.inputs.vpcId, unknownValue);
    assert.equal(plainObject(response.getState()).vpcId, unknownValue);
  });

  it("refuses what the component refuses, what is not reproduced, and other components", async () => {
    await assert.rejects(
      construct({ ...isolated, availabilityZoneNames: ["xx-test-1a"] }),
      /must match the number of availability zones \(1\)/,
    );
    assert.deepEqual(monitor.registered, []);
    monitor.close();
    monitor = new FakeMonitor();
    await assert.rejects(
      construct({ ...isolated, availabilityZoneNames: zones, ipv4IpamPoolId: "ipam-pool-0a" }),
      /awsx:ec2:Vpc net is not simulated: /,
    );
    monitor.close();
    monitor = new FakeMonitor();
    await assert.rejects(
      construct({}, (request) => request.setType("awsx:ec2:DefaultVpc")),
      /awsx:ec2:DefaultVpc is not simulated/,
    );
  });
});
