import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type ComponentPlan, Ref, ResourceRef } from "../../../rehearsal/awsx/plan";
import { planVpc } from "../../../rehearsal/awsx/vpc";

const twoZones = ["us-east-1a", "us-east-1b"];
const threeZones = [...twoZones, "us-east-1c"];
const none = { strategy: "None" };

const isolated = {
  cidrBlock: "10.1.0.0/24",
  availabilityZoneNames: twoZones,
  natGateways: none,
  subnetStrategy: "Auto",
  subnetSpecs: [{ type: "Isolated", cidrBlocks: ["10.1.0.0/26", "10.1.0.64/26"] }],
};

function planOf(args: Record<string, unknown>): ComponentPlan {
  const plan = planVpc("net", args);
  if (!("children" in plan)) assert.fail(`no plan: ${JSON.stringify(plan)}`);
  return plan;
}

/** One line a child: key, type without its module, name, parent, explicit dependencies. */
function table(plan: ComponentPlan): string[] {
  return plan.children.map((child) =>
    [
      child.key,
      child.type.split(":")[2],
      child.name,
      `in ${child.parent || "component"}`,
      child.dependsOn.join(),
    ].join(" | "),
  );
}

function inputsOf(plan: ComponentPlan, key: string): Record<string, unknown> {
  const child = plan.children.find((each) => each.key === key);
  assert.ok(child, `no child ${key}`);
  return child.inputs;
}

describe("planVpc, isolated subnets", () => {
  it("makes for two zones the VPC, the internet gateway, and per zone a subnet, its route table and their association", () => {
    assert.deepEqual(table(planOf(isolated)), [
      "vpc | Vpc | net | in component | ",
      "internet-gateway | InternetGateway | net | in vpc | vpc",
      "subnet/net-isolated-1 | Subnet | net-isolated-1 | in vpc | vpc",
      "route-table/net-isolated-1 | RouteTable | net-isolated-1 | in subnet/net-isolated-1 | subnet/net-isolated-1",
      "association/net-isolated-1 | RouteTableAssociation | net-isolated-1 | in route-table/net-isolated-1 | route-table/net-isolated-1",
      "subnet/net-isolated-2 | Subnet | net-isolated-2 | in vpc | vpc",
      "route-table/net-isolated-2 | RouteTable | net-isolated-2 | in subnet/net-isolated-2 | subnet/net-isolated-2",
      "association/net-isolated-2 | RouteTableAssociation | net-isolated-2 | in route-table/net-isolated-2 | route-table/net-isolated-2",
    ]);
  });

  it("passes the inputs of the real component, tags merged", () => {
    const plan = planOf({
      ...isolated,
      enableDnsHostnames: true,
      enableDnsSupport: false,
      tags: { team: "cards" },
    });
    const shared = { Name: "net", team: "cards" };
    const labelled = { Name: "net-isolated-2", team: "cards", SubnetType: "Isolated" };
    assert.deepEqual(
      plan.children.filter((child) => !child.name.endsWith("-1")).map((child) => [child.type, child.inputs]),
      [
        [
          "aws:ec2/vpc:Vpc",
          { cidrBlock: "10.1.0.0/24", enableDnsHostnames: true, enableDnsSupport: false, tags: shared },
        ],
        ["aws:ec2/internetGateway:InternetGateway", { vpcId: new Ref("vpc", "id"), tags: shared }],
        [
          "aws:ec2/subnet:Subnet",
          {
            vpcId: new Ref("vpc", "id"),
            availabilityZone: "us-east-1b",
            mapPublicIpOnLaunch: false,
            cidrBlock: "10.1.0.64/26",
            assignIpv6AddressOnCreation: false,
            tags: labelled,
          },
        ],
        ["aws:ec2/routeTable:RouteTable", { vpcId: new Ref("vpc", "id"), tags: labelled }],
        [
          "aws:ec2/routeTableAssociation:RouteTableAssociation",
          {
            routeTableId: new Ref("route-table/net-isolated-2", "id"),
            subnetId: new Ref("subnet/net-isolated-2", "id"),
          },
        ],
      ],
    );
  });

  it("hands back every output of the component", () => {
    const subnets = ["subnet/net-isolated-1", "subnet/net-isolated-2"];
    assert.deepEqual(planOf(isolated).outputs, {
      vpc: new ResourceRef("vpc"),
      vpcId: new Ref("vpc", "id"),
      internetGateway: new ResourceRef("internet-gateway"),
      subnets: subnets.map((key) => new ResourceRef(key)),
      publicSubnets: [],
      privateSubnets: [],
      isolatedSubnets: subnets.map((key) => new ResourceRef(key)),
      publicSubnetIds: [],
      privateSubnetIds: [],
      isolatedSubnetIds: subnets.map((key) => new Ref(key, "id")),
      routeTables: [
        new ResourceRef("route-table/net-isolated-1"),
        new ResourceRef("route-table/net-isolated-2"),
      ],
      routeTableAssociations: [
        new ResourceRef("association/net-isolated-1"),
        new ResourceRef("association/net-isolated-2"),
      ],
      routes: [],
      natGateways: [],
      eips: [],
      vpcEndpoints: [],
      subnetLayout: [{ type: "Isolated", cidrBlocks: ["10.1.0.0/26", "10.1.0.64/26"] }],
    });
  });

  it("names subnets after their spec in three zones, tags them with the spec's tags, and gives each child the region", () => {
    const plan = planOf({
      ...isolated,
      availabilityZoneNames: threeZones,
      region: "us-east-1",
      subnetSpecs: [
        {
          type: "Isolated",
          name: "service",
          tags: { tier: "1", Name: "lost" },
          cidrBlocks: ["10.1.0.0/28", "10.1.0.16/28", "10.1.0.32/28"],
        },
      ],
    });
    assert.deepEqual(
      plan.children.map((child) => child.key),
      [
        "vpc",
        "internet-gateway",
        "subnet/net-service-1",
        "route-table/net-service-1",
        "association/net-service-1",
        "subnet/net-service-2",
        "route-table/net-service-2",
        "association/net-service-2",
        "subnet/net-service-3",
        "route-table/net-service-3",
        "association/net-service-3",
      ],
    );
    assert.deepEqual(new Set(plan.children.map((child) => child.inputs.region)), new Set(["us-east-1"]));
    assert.deepEqual(inputsOf(plan, "subnet/net-service-3").tags, {
      Name: "net-service-3",
      tier: "1",
      SubnetType: "Isolated",
    });
    assert.deepEqual(inputsOf(plan, "route-table/net-service-3").tags, {
      Name: "net-service-3",
      SubnetType: "Isolated",
    });
  });

  it("ends Name tags, but not names, with the zone when asked to", () => {
    const plan = planOf({ ...isolated, subnetNameTagStrategy: "AvailabilityZone" });
    const subnet = plan.children.find((child) => child.key === "subnet/net-isolated-2");
    assert.equal(subnet?.name, "net-isolated-2");
    assert.deepEqual(subnet?.inputs.tags, { Name: "net-isolated-1b", SubnetType: "Isolated" });
  });

  it("lets the caller's Name tag win on the VPC, and uses 10.0.0.0/16 when no block is given", () => {
    const plan = planOf({
      ...isolated,
      cidrBlock: undefined,
      tags: { Name: "mine" },
    });
    assert.deepEqual(inputsOf(plan, "vpc"), { cidrBlock: "10.0.0.0/16", tags: { Name: "mine" } });
  });
});

describe("planVpc, other subnets", () => {
  const specs = [
    { type: "Isolated", cidrBlocks: ["10.1.0.0/28", "10.1.0.16/28"] },
    { type: "Private", cidrBlocks: ["10.1.0.32/28", "10.1.0.48/28"] },
  ];

  it("makes private subnets without NAT before isolated ones of the same zone, without any route", () => {
    const plan = planOf({ ...isolated, subnetSpecs: specs });
    const order = ["net-private-1", "net-isolated-1", "net-private-2", "net-isolated-2"];
    assert.deepEqual(
      plan.outputs.routeTables,
      order.map((name) => new ResourceRef(`route-table/${name}`)),
    );
    assert.deepEqual(
      plan.outputs.subnets,
      order.map((name) => new ResourceRef(`subnet/${name}`)),
    );
    assert.deepEqual(plan.outputs.privateSubnetIds, [
      new Ref("subnet/net-private-1", "id"),
      new Ref("subnet/net-private-2", "id"),
    ]);
    assert.deepEqual(plan.outputs.isolatedSubnetIds, [
      new Ref("subnet/net-isolated-1", "id"),
      new Ref("subnet/net-isolated-2", "id"),
    ]);
    assert.deepEqual(plan.outputs.routes, []);
    assert.equal(plan.children.length, 2 + 4 * 3);
  });

  it("keeps the order of the specs in the layout, and leaves unused ranges out of the children", () => {
    const plan = planOf({
      ...isolated,
      subnetStrategy: "Exact",
      subnetSpecs: [
        { type: "Isolated", cidrBlocks: ["10.1.0.0/26", "10.1.0.128/26"] },
        {
          type: "Unused",
          name: "later",
          size: 64,
          cidrMask: 26,
          cidrBlocks: ["10.1.0.64/26", "10.1.0.192/26"],
        },
      ],
    });
    assert.equal(plan.children.length, 8);
    assert.deepEqual(plan.outputs.subnetLayout, [
      { type: "Isolated", cidrBlocks: ["10.1.0.0/26", "10.1.0.128/26"] },
      {
        type: "Unused",
        name: "later",
        size: 64,
        cidrMask: 26,
        cidrBlocks: ["10.1.0.64/26", "10.1.0.192/26"],
      },
    ]);
  });

  it("routes public subnets to the internet gateway and private ones to the NAT gateway of their zone", () => {
    const plan = planOf({
      ...isolated,
      natGateways: undefined,
      tags: { Name: "mine", team: "cards" },
      subnetSpecs: [...specs, { type: "Public", cidrBlocks: ["10.1.0.64/28", "10.1.0.80/28"] }],
    });
    const lines = table(plan);
    assert.deepEqual(lines.slice(2, 8), [
      "subnet/net-public-1 | Subnet | net-public-1 | in vpc | vpc",
      "route-table/net-public-1 | RouteTable | net-public-1 | in subnet/net-public-1 | subnet/net-public-1",
      "association/net-public-1 | RouteTableAssociation | net-public-1 | in route-table/net-public-1 | route-table/net-public-1",
      "eip/net-1 | Eip | net-1 | in subnet/net-public-1 | subnet/net-public-1",
      "nat-gateway/net-1 | NatGateway | net-1 | in subnet/net-public-1 | subnet/net-public-1",
      "route/net-public-1 | Route | net-public-1 | in route-table/net-public-1 | route-table/net-public-1",
    ]);
    assert.equal(inputsOf(plan, "subnet/net-public-2").mapPublicIpOnLaunch, true);
    assert.deepEqual(inputsOf(plan, "route/net-public-2"), {
      routeTableId: new Ref("route-table/net-public-2", "id"),
      gatewayId: new Ref("internet-gateway", "id"),
      destinationCidrBlock: "0.0.0.0/0",
    });
    assert.deepEqual(inputsOf(plan, "route/net-private-2"), {
      routeTableId: new Ref("route-table/net-private-2", "id"),
      natGatewayId: new Ref("nat-gateway/net-2", "id"),
      destinationCidrBlock: "0.0.0.0/0",
    });
    assert.deepEqual(inputsOf(plan, "nat-gateway/net-2"), {
      subnetId: new Ref("subnet/net-public-2", "id"),
      allocationId: new Ref("eip/net-2", "allocationId"),
      tags: { Name: "net-2", team: "cards" },
    });
    assert.equal(
      plan.children.some((child) => child.key === "route/net-isolated-1"),
      false,
    );
  });

  it("makes one NAT gateway with the given address for all zones when asked for a single one", () => {
    const plan = planOf({
      ...isolated,
      natGateways: { strategy: "Single", elasticIpAllocationIds: ["eipalloc-1"] },
      subnetSpecs: [specs[1], { type: "Public", cidrBlocks: ["10.1.0.64/28", "10.1.0.80/28"] }],
    });
    assert.deepEqual(plan.outputs.eips, []);
    assert.deepEqual(plan.outputs.natGateways, [new ResourceRef("nat-gateway/net-1")]);
    assert.equal(inputsOf(plan, "nat-gateway/net-1").allocationId, "eipalloc-1");
    assert.deepEqual(inputsOf(plan, "route/net-private-2").natGatewayId, new Ref("nat-gateway/net-1", "id"));
  });
});
