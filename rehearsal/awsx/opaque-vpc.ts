import { type ComponentPlan, type PlannedChild, Ref, ResourceRef } from "./plan";

const childTypes = {
  subnet: "aws:ec2/subnet:Subnet",
  routeTable: "aws:ec2/routeTable:RouteTable",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  route: "aws:ec2/route:Route",
  natGateway: "aws:ec2/natGateway:NatGateway",
  eip: "aws:ec2/eip:Eip",
  endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
} as const;

/**
 * The outputs of an `awsx:ec2:Vpc` whose form is not reproduced, with as many children of each kind as the arguments let
 * expect. Nothing is known of the children: they are there so that the outputs have something to name.
 */
export function opaqueVpc(name: string, args: Record<string, unknown>): ComponentPlan {
  const children: PlannedChild[] = [];
  const make = (kind: keyof typeof childTypes, count: number, label = ""): string[] =>
    Array.from({ length: count }, (_, index) => {
      const key = `${kind}/${label}${index + 1}`;
      const childName = `${name}-${label}${index + 1}`;
      children.push({ key, type: childTypes[kind], name: childName, parent: "", inputs: {}, dependsOn: [] });
      return key;
    });
  const single = (type: string): ResourceRef => {
    children.push({ key: type, type, name, parent: "", inputs: {}, dependsOn: [] });
    return new ResourceRef(type);
  };
  const whole = (keys: string[]): ResourceRef[] => keys.map((key) => new ResourceRef(key));
  const ids = (keys: string[]): Ref[] => keys.map((key) => new Ref(key, "id"));

  const zones = zoneCount(args);
  const types = subnetTypes(args.subnetSpecs);
  const ofType = (type: string): string[] =>
    make("subnet", zones * types.filter((each) => each === type).length, `${type.toLowerCase()}-`);
  const [publics, privates, isolated] = [ofType("Public"), ofType("Private"), ofType("Isolated")];
  const subnets = [...publics, ...privates, ...isolated];
  const vpc = single("aws:ec2/vpc:Vpc");
  return {
    children,
    outputs: {
      vpc,
      vpcId: new Ref(vpc.child, "id"),
      internetGateway: single("aws:ec2/internetGateway:InternetGateway"),
      subnets: whole(subnets),
      publicSubnets: whole(publics),
      privateSubnets: whole(privates),
      isolatedSubnets: whole(isolated),
      publicSubnetIds: ids(publics),
      privateSubnetIds: ids(privates),
      isolatedSubnetIds: ids(isolated),
      routeTables: whole(make("routeTable", subnets.length)),
      routeTableAssociations: whole(make("association", subnets.length)),
      routes: whole(make("route", publics.length + privates.length)),
      natGateways: whole(make("natGateway", zones)),
      eips: whole(make("eip", zones)),
      vpcEndpoints: whole(make("endpoint", listLength(args.vpcEndpointSpecs) ?? 0)),
      subnetLayout: Array.isArray(args.subnetSpecs) ? args.subnetSpecs : [],
    },
  };
}

function zoneCount({ availabilityZoneNames, numberOfAvailabilityZones }: Record<string, unknown>): number {
  const count = listLength(availabilityZoneNames) ?? numberOfAvailabilityZones;
  return typeof count === "number" ? count : 3;
}

/** The component makes a public and a private subnet in every zone unless it is told otherwise. */
function subnetTypes(specs: unknown): unknown[] {
  if (!Array.isArray(specs)) return ["Public", "Private"];
  return specs.map((spec: unknown) => (spec as { type?: unknown } | null)?.type);
}

function listLength(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}
