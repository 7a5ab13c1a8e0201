import { NoPlan, type ComponentPlan, type PlannedChild, type PlanResult, Ref, ResourceRef } from "./plan";
import { inCreationOrder, layOutSubnets, type PlannedSubnet } from "./subnet-layout";
import { plainObject, readVpcArguments, type VpcArguments, type ZonesOf } from "./vpc-arguments";

/**
 * What the remote component `awsx:ec2:Vpc` makes of its arguments, for the form with explicit `cidrBlocks` in every
 * subnet spec and `availabilityZoneNames`; NAT gateways and public subnets included, IPv6, IPAM, VPC endpoints and
 * computed blocks not.
 *
 * Read from the component's source, `awsx/ec2` in github.com/pulumi/pulumi-awsx at commit e60adf3c of August 2026: the
 * last public state before 3.9.0 that could be had, whose arguments and outputs are those of `@pulumi/awsx` 3.9.0. Plans
 * were compared with a run of that source: names, types, parents, inputs, dependencies and outputs are the same.
 *
 * Worth knowing of the real one:
 * - `subnetStrategy` is `Legacy` unless given, and then explicit blocks are silently ignored: reported as not reproduced.
 * - The internet gateway is always there, also when no subnet routes to it.
 * - A route table is a child of its subnet, the association and the routes are children of the route table; each route
 *   table serves one subnet. The lists in the outputs go zone by zone; within a zone public, private, isolated.
 * - Gaps are refused with `Exact` only; that subnets lie inside the VPC is checked by AWS alone.
 * - Each subnet is also given `ipv6CidrBlock`, which has no value here once the VPC exists and is unknown in the preview
 *   that creates it; it is left out of the plan.
 *
 * @param name Logical name of the component.
 * @param args Its arguments as the engine would send them, an argument left out being absent or undefined.
 * @param zonesOf The zones that the account has in a region, the provider's own unless named; without it a plan that needs
 *   them is reported as not reproduced.
 */
export function planVpc(name: string, args: Record<string, unknown>, zonesOf?: ZonesOf): PlanResult {
  try {
    const read = readVpcArguments(name, args, zonesOf);
    return new VpcPlanner(name, read).plan(layOutSubnets(name, read));
  } catch (thrown) {
    if (thrown instanceof NoPlan) return thrown.result;
    throw thrown;
  }
}

const vpcKey = "vpc";
const gatewayKey = "internet-gateway";

class VpcPlanner {
  private readonly children: PlannedChild[] = [];
  /** Tags of everything except NAT gateways; a `Name` among the caller's tags wins over the component's. */
  private readonly sharedTags: Record<string, unknown>;

  constructor(
    private readonly name: string,
    private readonly args: VpcArguments,
  ) {
    this.sharedTags = { Name: name, ...args.tags };
  }

  plan(subnets: PlannedSubnet[]): ComponentPlan {
    this.children.push({
      key: vpcKey,
      type: "aws:ec2/vpc:Vpc",
      name: this.name,
      parent: "",
      inputs: { ...this.args.vpcInputs, cidrBlock: this.args.cidrBlock, tags: this.sharedTags },
      dependsOn: [],
    });
    this.add(gatewayKey, "aws:ec2/internetGateway:InternetGateway", this.name, vpcKey, {
      vpcId: new Ref(vpcKey, "id"),
      tags: this.sharedTags,
    });
    for (const zone of this.args.zones.keys())
      for (const subnet of inCreationOrder(subnets.filter((each) => each.zoneIndex === zone)))
        this.addSubnet(subnet);
    return { children: this.children, outputs: this.outputs(subnets) };
  }

  /** Every child below the VPC is given the region, and depends on its parent explicitly. */
  private add(
    key: string,
    type: string,
    name: string,
    parent: string,
    inputs: Record<string, unknown>,
  ): void {
    const region = this.args.region === undefined ? {} : { region: this.args.region };
    this.children.push({ key, type, name, parent, inputs: { ...region, ...inputs }, dependsOn: [parent] });
  }

  private addSubnet(subnet: PlannedSubnet): void {
    const { spec, resourceName } = subnet;
    const key = subnetKey(subnet);
    const tableKey = `route-table/${resourceName}`;
    const labels = { Name: subnet.nameTag, SubnetType: spec.type };
    const ownTags = spec.tags === undefined ? {} : plainObject(spec.tags, "subnetSpecs[].tags");
    this.add(key, "aws:ec2/subnet:Subnet", resourceName, vpcKey, {
      vpcId: new Ref(vpcKey, "id"),
      availabilityZone: subnet.zone,
      mapPublicIpOnLaunch: spec.type === "Public",
      cidrBlock: subnet.cidrBlock,
      assignIpv6AddressOnCreation: false,
      tags: { ...this.sharedTags, ...ownTags, ...labels },
    });
    this.add(tableKey, "aws:ec2/routeTable:RouteTable", resourceName, key, {
      vpcId: new Ref(vpcKey, "id"),
      tags: { ...this.sharedTags, ...labels },
    });
    this.add(
      `association/${resourceName}`,
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      resourceName,
      tableKey,
      { routeTableId: new Ref(tableKey, "id"), subnetId: new Ref(key, "id") },
    );
    if (spec.type === "Public" && this.needsNatGateway(subnet.zoneIndex)) this.addNatGateway(subnet);
    this.addDefaultRoute(subnet, tableKey);
  }

  private needsNatGateway(zoneIndex: number): boolean {
    const wanted = { none: 0, single: 1, oneperaz: zoneIndex + 1 }[this.args.nat];
    return this.keysOf("nat-gateway/").length < wanted;
  }

  private addNatGateway(subnet: PlannedSubnet): void {
    const name = `${this.name}-${subnet.zoneIndex + 1}`;
    // Here, other than everywhere else, the component's name wins over a `Name` of the caller's.
    const tags = { ...this.args.tags, Name: name };
    const own = this.args.allocationIds.length === 0;
    if (own) this.add(`eip/${name}`, "aws:ec2/eip:Eip", name, subnetKey(subnet), { tags });
    this.add(`nat-gateway/${name}`, "aws:ec2/natGateway:NatGateway", name, subnetKey(subnet), {
      subnetId: new Ref(subnetKey(subnet), "id"),
      allocationId: own ? new Ref(`eip/${name}`, "allocationId") : this.args.allocationIds[subnet.zoneIndex],
      tags,
    });
  }

  /** Public subnets route to the internet gateway, private ones to a NAT gateway if there is any, isolated ones nowhere. */
  private addDefaultRoute({ spec, resourceName, zoneIndex }: PlannedSubnet, tableKey: string): void {
    const gateways = this.keysOf("nat-gateway/");
    const natKey = gateways[this.args.nat === "single" ? 0 : zoneIndex];
    const way =
      spec.type === "Public"
        ? { gatewayId: new Ref(gatewayKey, "id") }
        : spec.type === "Private" && natKey !== undefined
          ? { natGatewayId: new Ref(natKey, "id") }
          : undefined;
    if (way === undefined) return;
    this.add(`route/${resourceName}`, "aws:ec2/route:Route", resourceName, tableKey, {
      routeTableId: new Ref(tableKey, "id"),
      ...way,
      destinationCidrBlock: "0.0.0.0/0",
    });
  }

  private keysOf(prefix: string): string[] {
    return this.children.map((child) => child.key).filter((key) => key.startsWith(prefix));
  }

  private outputs(subnets: PlannedSubnet[]): Record<string, unknown> {
    const all = (prefix: string): ResourceRef[] => this.keysOf(prefix).map((key) => new ResourceRef(key));
    const ofType = (type: string): string[] => {
      const keys = subnets.filter((subnet) => subnet.spec.type === type).map(subnetKey);
      return this.keysOf("subnet/").filter((key) => keys.includes(key));
    };
    const ids = (type: string): Ref[] => ofType(type).map((key) => new Ref(key, "id"));
    const resources = (type: string): ResourceRef[] => ofType(type).map((key) => new ResourceRef(key));
    return {
      vpc: new ResourceRef(vpcKey),
      vpcId: new Ref(vpcKey, "id"),
      internetGateway: new ResourceRef(gatewayKey),
      subnets: all("subnet/"),
      publicSubnets: resources("Public"),
      privateSubnets: resources("Private"),
      isolatedSubnets: resources("Isolated"),
      publicSubnetIds: ids("Public"),
      privateSubnetIds: ids("Private"),
      isolatedSubnetIds: ids("Isolated"),
      routeTables: all("route-table/"),
      routeTableAssociations: all("association/"),
      routes: all("route/"),
      natGateways: all("nat-gateway/"),
      eips: all("eip/"),
      vpcEndpoints: [],
      subnetLayout: this.args.specs.map(layoutEntry),
    };
  }
}

function subnetKey(subnet: PlannedSubnet): string {
  return `subnet/${subnet.resourceName}`;
}

/** A spec as the `subnetLayout` output repeats it, unused ranges included. */
function layoutEntry(spec: VpcArguments["specs"][number]): Record<string, unknown> {
  return {
    ...(spec.name ? { name: spec.name } : {}),
    cidrBlocks: spec.cidrBlocks,
    ...(spec.cidrMask ? { cidrMask: spec.cidrMask } : {}),
    ...(spec.size ? { size: spec.size } : {}),
    type: spec.type,
  };
}
