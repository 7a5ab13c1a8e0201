/** A child that a remote component hands out as a reference. */
interface Child {
  type: string;
  name: string;
  id: string;
  urn: string;
}

interface Asked {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/**
 * Computed outputs, invented plainly from a resource's logical name: `<name>-arn`, `<name>.example`. A remote VPC gets a subnet and a
 * route table for each zone, in the order in which it was given the zones.
 */
export function inventOutputs(
  { type, name, inputs }: Asked,
  idOf: (name: string) => string,
): { outputs: Record<string, unknown>; children: Child[] } {
  if (type !== "awsx:ec2:Vpc") return { outputs: computed(type, name), children: [] };
  const zones = inputs.availabilityZoneNames as string[];
  return {
    outputs: {
      vpcId: idOf(name),
      isolatedSubnetIds: zones.map((zone) => idOf(`${name}-isolated-${zone}`)),
    },
    children: zones.map((zone) => ({
      type: "aws:ec2/routeTable:RouteTable",
      name: `${name}-isolated-${zone}`,
      id: idOf(`${name}-table-${zone}`),
      urn: "",
    })),
  };
}

function computed(type: string, name: string): Record<string, unknown> {
  if (!type.startsWith("aws:")) return {};
  const arn = { arn: `${name}-arn` };
  switch (type) {
    case "aws:lb/loadBalancer:LoadBalancer":
      return { ...arn, dnsName: `${name}.example` };
    case "aws:apigateway/stage:Stage":
      return { ...arn, invokeUrl: `https://${name}.example/live` };
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return { ...arn, latestVersion: 7 };
    case "aws:iam/role:Role":
      return { ...arn, name: `${name}-1234567` };
    default:
      return arn;
  }
}
