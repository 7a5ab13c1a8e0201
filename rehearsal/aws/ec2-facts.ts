import { formatAddress, isNetwork, parseCidr } from "../../common/ipv4";
import { AwsError } from "./aws-error";
import type { Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import { text, texts } from "./properties";
import type { Held, World } from "./world";

export const vpcTypes = ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"];
export const subnetTypes = ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"];
export const securityGroupTypes = [
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/securityGroup:SecurityGroup",
];
export const blockAssociationType = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation";
export const balancerTypes = [
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:alb/loadBalancer:LoadBalancer",
  "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer",
];

/** The VPC with an id, or AWS's refusal. */
export function mustHaveVpc(s: Situation, id: unknown): Held {
  return must(
    s.find(text(id), ...vpcTypes),
    "InvalidVpcID.NotFound",
    `The vpc ID '${String(id)}' does not exist`,
  );
}

/** The subnet with an id, or AWS's refusal. */
export function mustHaveSubnet(s: Situation, id: unknown): Held {
  return must(
    s.find(text(id), ...subnetTypes),
    "InvalidSubnetID.NotFound",
    `The subnet ID '${String(id)}' does not exist`,
  );
}

/** The security group with an id, or AWS's refusal. */
export function mustHaveSecurityGroup(s: Situation, id: unknown): Held {
  return must(
    s.find(text(id), ...securityGroupTypes),
    "InvalidGroup.NotFound",
    `The security group '${String(id)}' does not exist`,
  );
}

/**
 * Refuses unless all the security groups exist and belong to the VPC of the interface they are for, or are associated with it:
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html
 */
export function checkSecurityGroups(s: Situation, ids: readonly string[], vpcId: unknown): void {
  const associations = s.others("aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation");
  for (const id of ids) {
    const group = mustHaveSecurityGroup(s, id);
    const associated = associations.some(
      (held) => held.outputs.securityGroupId === id && held.outputs.vpcId === vpcId,
    );
    refuse(
      group.outputs.vpcId !== vpcId && !associated,
      "InvalidParameter",
      `Security group ${id} and the subnets belong to different networks: ${id} is in ${String(group.outputs.vpcId)}, not in ${String(vpcId)}`,
    );
  }
}

/** All IPv4 blocks of a VPC: the first one and those associated later. */
export function blocksOf(world: World, vpc: Held, except?: Held): string[] {
  const added = world
    .at(vpc, blockAssociationType)
    .filter((held) => held !== except && held.outputs.vpcId === vpc.id)
    .map((held) => held.outputs.cidrBlock);
  return texts([vpc.outputs.cidrBlock, ...added]);
}

/**
 * Refuses text that is no IPv4 block, or has host bits: EC2 would correct those silently, the provider refuses them.
 */
export function checkNetwork(block: unknown, property: string): void {
  const given = String(block);
  const cidr = parseCidr(given);
  if (cidr === undefined)
    throw new AwsError("InvalidParameterValue", `"${given}" is not a valid IPv4 CIDR block (${property})`);
  if (!isNetwork(given))
    throw new AwsError(
      "InvalidParameterValue",
      `"${given}" is not a valid IPv4 CIDR block; did you mean "${formatAddress(cidr.start)}/${cidr.prefix}"? (${property})`,
    );
}

export const internetGatewayType = "aws:ec2/internetGateway:InternetGateway";
export const internetGatewayAttachmentType = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment";
export const routeTableTypes = [
  "aws:ec2/defaultRouteTable:DefaultRouteTable",
  "aws:ec2/routeTable:RouteTable",
];

/** The VPC an internet gateway is attached to. */
export function vpcOfInternetGateway(world: World, gateway: Held): string | undefined {
  const attachment = world
    .at(gateway, internetGatewayAttachmentType)
    .find((held) => held.outputs.internetGatewayId === gateway.id);
  return text(gateway.outputs.vpcId) ?? text(attachment?.outputs.vpcId);
}

/** Refuses to delete what AWS made with a VPC and deletes with it. */
export function refuseDefault(
  world: World,
  held: Held,
  property: string,
  code: string,
  message: string,
): void {
  const vpc = world.at(held, ...vpcTypes).find((each) => each.outputs[property] === held.id);
  refuse(vpc !== undefined, code, message);
}
