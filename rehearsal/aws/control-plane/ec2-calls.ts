import { objects, text, yes } from "../properties";
import { type Actions, type Asked, changedInputs, onChange, typeCalls } from "./api-call";

const table = ["DescribeRouteTables"];
const vpcs = ["DescribeVpcs"];
const peerings = ["DescribeVpcPeeringConnections"];
const groups = ["DescribeSecurityGroups"];
const tagging = { tags: ["CreateTags"] };
const setAttribute = ["ModifyVpcAttribute", "DescribeVpcAttribute"];

/** Each attribute has a call of its own, followed by a wait for its value. */
function vpcAttributes({ inputs }: Asked): string[] {
  return [
    "CreateVpc",
    ...vpcs,
    ...(yes(inputs.enableDnsHostnames) ? setAttribute : []),
    ...(inputs.enableDnsSupport === false || inputs.enableDnsSupport === "false" ? setAttribute : []),
  ];
}

function changedVpcAttributes(asked: Asked): string[] {
  return changedInputs(asked).flatMap((name) => (name === "tags" ? ["CreateTags"] : setAttribute));
}

/**
 * A new group allows everything outwards; the provider takes both rules away, the one for IPv6 also where there is none.
 * Then it reads the group and adds the rules that stand in the group itself.
 */
function createGroup({ inputs }: Asked): string[] {
  return [
    ...[
      "CreateSecurityGroup",
      ...groups,
      "RevokeSecurityGroupEgress",
      "RevokeSecurityGroupEgress",
      ...groups,
    ],
    ...(objects(inputs.ingress).length > 0 ? ["AuthorizeSecurityGroupIngress"] : []),
    ...(objects(inputs.egress).length > 0 ? ["AuthorizeSecurityGroupEgress"] : []),
  ];
}

/** A rule is tagged after it was made, and not read back. */
function rule(direction: "Ingress" | "Egress") {
  const create: Actions = ({ inputs }) => [
    `AuthorizeSecurityGroup${direction}`,
    ...(inputs.tags === undefined ? [] : ["CreateTags"]),
  ];
  return {
    create,
    read: ["DescribeSecurityGroupRules"],
    update: onChange(tagging, ["ModifySecurityGroupRules"]),
    delete: [`RevokeSecurityGroup${direction}`],
    readsBack: false,
  };
}

/**
 * EC2's calls, read in the provider's sources: a wait is one call, although it may ask more often.
 * https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/ec2
 */
export const ec2Calls = typeCalls("ec2", {
  "aws:ec2/vpc:Vpc": {
    create: vpcAttributes,
    read: [
      ...vpcs,
      ...["DescribeVpcAttribute", "DescribeVpcAttribute", "DescribeVpcAttribute"],
      ...["DescribeNetworkAcls", ...table, ...groups],
    ],
    update: changedVpcAttributes,
    delete: ["DeleteVpc", ...vpcs],
  },
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": {
    create: ["AssociateVpcCidrBlock", ...vpcs],
    read: vpcs,
    delete: ["DisassociateVpcCidrBlock", ...vpcs],
  },
  "aws:ec2/subnet:Subnet": {
    create: ({ inputs }) => [
      ...["CreateSubnet", "DescribeSubnets"],
      ...(yes(inputs.mapPublicIpOnLaunch) ? ["ModifySubnetAttribute", "DescribeSubnets"] : []),
    ],
    read: ["DescribeSubnets"],
    update: onChange(tagging, ["ModifySubnetAttribute", "DescribeSubnets"]),
    // Interfaces that services have left behind are looked for first.
    delete: ["DescribeNetworkInterfaces", "DeleteSubnet"],
  },
  "aws:ec2/routeTable:RouteTable": {
    create: ({ inputs }) => [
      ...["CreateRouteTable", ...table],
      ...objects(inputs.routes).flatMap(() => ["CreateRoute", ...table]),
    ],
    read: table,
    update: onChange(tagging, ["ReplaceRoute", ...table]),
    delete: [...table, "DeleteRouteTable", ...table],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    create: ["AssociateRouteTable", ...table],
    read: table,
    update: ["ReplaceRouteTableAssociation", ...table],
    delete: ["DisassociateRouteTable", ...table],
  },
  "aws:ec2/route:Route": {
    create: ["CreateRoute", ...table],
    read: table,
    update: ["ReplaceRoute", ...table],
    delete: ["DeleteRoute", ...table],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    create: ({ inputs }) => [
      "CreateInternetGateway",
      ...(text(inputs.vpcId) === undefined ? [] : ["AttachInternetGateway", "DescribeInternetGateways"]),
    ],
    read: ["DescribeInternetGateways"],
    update: onChange(tagging, ["DetachInternetGateway", "AttachInternetGateway", "DescribeInternetGateways"]),
    delete: ["DetachInternetGateway", "DescribeInternetGateways", "DeleteInternetGateway"],
  },
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": {
    create: ["CreateVpcPeeringConnection", ...peerings],
    read: peerings,
    update: onChange(tagging, [...peerings, "ModifyVpcPeeringConnectionOptions", ...peerings]),
    delete: ["DeleteVpcPeeringConnection", ...peerings],
  },
  // Deleting an accepter leaves the connection to its requester.
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {
    create: [...peerings, "AcceptVpcPeeringConnection", ...peerings],
    read: peerings,
    update: onChange(tagging, [...peerings, "ModifyVpcPeeringConnectionOptions", ...peerings]),
    delete: [],
  },
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": {
    create: [...peerings, "ModifyVpcPeeringConnectionOptions", ...peerings],
    read: peerings,
    update: [...peerings, "ModifyVpcPeeringConnectionOptions", ...peerings],
    delete: [],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    create: createGroup,
    read: groups,
    update: onChange({
      ...tagging,
      ingress: [...groups, "RevokeSecurityGroupIngress", "AuthorizeSecurityGroupIngress"],
      egress: [...groups, "RevokeSecurityGroupEgress", "AuthorizeSecurityGroupEgress"],
    }),
    delete: ["DescribeNetworkInterfaces", "DeleteSecurityGroup", ...groups],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("Ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("Egress"),
  "aws:ec2/launchTemplate:LaunchTemplate": {
    create: ["CreateLaunchTemplate"],
    read: ["DescribeLaunchTemplates", "DescribeLaunchTemplateVersions"],
    update: onChange(tagging, ["CreateLaunchTemplateVersion"]),
    delete: ["DeleteLaunchTemplate"],
  },
});
