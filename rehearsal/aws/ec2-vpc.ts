import { contains, overlaps } from "../../common/ipv4";
import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { refuse, token } from "./behaviour";
import { checkBlock, checkFurtherBlock } from "./ec2-blocks";
import { balancerTypes, blockAssociationType, blocksOf, mustHaveVpc, subnetTypes } from "./ec2-facts";
import { ownerOfInterfaceIn } from "./ec2-interfaces";
import { isZone, zoneIdOf, zoneNames, zoneWithId } from "./ec2-zones";
import { object, text } from "./properties";
import type { Held, World } from "./world";

/** VPCs, their further blocks, and subnets. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export const vpcBehaviours: Behaviours = {
  "aws:ec2/vpc:Vpc": {
    replaceOn: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    replaceIf: (before, after) =>
      before.instanceTenancy !== "dedicated" && after.instanceTenancy === "dedicated",
    id: (s) => s.ec2Id("vpc"),
    defaults: () => ({
      assignGeneratedIpv6CidrBlock: false,
      enableDnsHostnames: false,
      enableDnsSupport: true,
      enableNetworkAddressUsageMetrics: false,
      instanceTenancy: "default",
    }),
    computed: (s, id) => ({
      arn: s.arn("ec2", `vpc/${id}`),
      ownerId: s.account,
      ...belongings(id),
      ...Object.fromEntries(Object.keys(belongings(id)).flatMap((key) => keep(s, key))),
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      checkBlock(s.inputs.cidrBlock, s.inputs.ipv4IpamPoolId !== undefined, "InvalidVpc.Range");
    },
    implied: (vpc) => {
      const p = { ...belongings(vpc.id), ...vpc.outputs };
      const shared = { vpcId: vpc.id, ownerId: vpc.account, region: vpc.region, tagsAll: {} };
      const open = { protocol: "-1", fromPort: 0, toPort: 0 };
      const all = { action: "allow", cidrBlock: "0.0.0.0/0", ruleNo: 100, ...open };
      return [
        {
          type: "aws:ec2/routeTable:RouteTable",
          id: String(p.mainRouteTableId),
          properties: { ...shared, routes: [], main: true },
        },
        {
          type: "aws:ec2/securityGroup:SecurityGroup",
          id: String(p.defaultSecurityGroupId),
          properties: {
            ...shared,
            name: "default",
            description: "default VPC security group",
            ingress: [{ ...open, self: true }],
            egress: [{ ...open, cidrBlocks: ["0.0.0.0/0"] }],
          },
        },
        {
          type: "aws:ec2/networkAcl:NetworkAcl",
          id: String(p.defaultNetworkAclId),
          properties: { ...shared, ingress: [all], egress: [all], subnetIds: [] },
        },
      ];
    },
    removable: vpcRemovable,
    notFound: (id) => new AwsError("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`),
  },

  [blockAssociationType]: {
    required: ["vpcId"],
    replaceOn: ["vpcId", "cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    id: (s) => s.ec2Id("vpc-cidr-assoc"),
    check: checkFurtherBlock,
    removable: (held, world) => {
      const subnets = world
        .at(held, ...subnetTypes)
        .filter((subnet) => subnet.outputs.vpcId === held.outputs.vpcId);
      const used = subnets.find((subnet) =>
        contains(String(held.outputs.cidrBlock), String(subnet.outputs.cidrBlock)),
      );
      refuse(
        used !== undefined,
        "InvalidCidrBlock.InUse",
        `The CIDR block is in use by subnet ${used?.id ?? ""}`,
      );
    },
  },

  "aws:ec2/subnet:Subnet": {
    required: ["vpcId"],
    replaceOn: [
      "vpcId",
      "cidrBlock",
      "availabilityZone",
      "availabilityZoneId",
      "outpostArn",
      "ipv6Native",
      ...["ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6NetmaskLength"],
    ],
    id: (s) => s.ec2Id("subnet"),
    defaults: () => ({
      assignIpv6AddressOnCreation: false,
      enableDns64: false,
      enableResourceNameDnsARecordOnLaunch: false,
      enableResourceNameDnsAaaaRecordOnLaunch: false,
      ipv6Native: false,
      mapPublicIpOnLaunch: false,
      privateDnsHostnameTypeOnLaunch: "ip-name",
    }),
    computed: (s, id) => ({
      arn: s.arn("ec2", `subnet/${id}`),
      ownerId: s.account,
      ...zoneOf(s),
      tagsAll: object(s.inputs.tags),
    }),
    check: checkSubnet,
    removable: subnetRemovable,
    notFound: (id) => new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`),
  },
};

function belongings(vpcId: string): Record<string, string> {
  const id = (prefix: string): string => `${prefix}-0${token(`${vpcId}#${prefix}`, 16, "hex")}`;
  const routeTable = id("rtb");
  return {
    mainRouteTableId: routeTable,
    defaultRouteTableId: routeTable,
    defaultSecurityGroupId: id("sg"),
    defaultNetworkAclId: id("acl"),
    dhcpOptionsId: "dopt-0a1b2c3d4e5f60718",
  };
}

function keep(s: Situation, key: string): [string, unknown][] {
  const value = s.previous?.outputs[key];
  return value === undefined ? [] : [[key, value]];
}

function zoneOf(s: Situation): Record<string, string> {
  const givenId = text(s.inputs.availabilityZoneId);
  const zone =
    text(s.inputs.availabilityZone) ??
    (givenId === undefined ? undefined : zoneWithId(givenId, s.region)) ??
    text(s.previous?.outputs.availabilityZone) ??
    zoneNames(s.region)[0] ??
    "";
  return { availabilityZone: zone, availabilityZoneId: givenId ?? zoneIdOf(zone, s.region) };
}

function checkSubnet(s: Situation): void {
  const vpc = mustHaveVpc(s, s.inputs.vpcId);
  const zone = text(s.inputs.availabilityZone);
  const zoneId = text(s.inputs.availabilityZoneId);
  const allowed = zoneNames(s.region).join(", ");
  refuse(
    zone !== undefined && !isZone(zone, s.region),
    "InvalidParameterValue",
    `Value (${zone ?? ""}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${allowed}.`,
  );
  refuse(
    zoneId !== undefined && zoneWithId(zoneId, s.region) === undefined,
    "InvalidParameterValue",
    `Value (${zoneId ?? ""}) for parameter availabilityZoneId is invalid in ${s.region}.`,
  );
  refuse(
    zone !== undefined && zoneId !== undefined,
    "InvalidParameterCombination",
    `"availabilityZone": conflicts with availabilityZoneId`,
  );
  checkBlock(
    s.inputs.cidrBlock,
    s.inputs.ipv4IpamPoolId !== undefined || s.inputs.ipv6Native === true,
    "InvalidSubnet.Range",
  );
  const block = text(s.inputs.cidrBlock);
  if (block === undefined) return;
  refuse(
    !blocksOf(s.world, vpc).some((outer) => contains(outer, block)),
    "InvalidSubnet.Range",
    `The CIDR '${block}' is invalid: it is not within the blocks of ${vpc.id} (${blocksOf(s.world, vpc).join(", ")}).`,
  );
  const clash = s
    .others(...subnetTypes)
    .find((other) => other.outputs.vpcId === vpc.id && overlaps(String(other.outputs.cidrBlock), block));
  refuse(
    clash !== undefined,
    "InvalidSubnet.Conflict",
    `The CIDR '${block}' conflicts with another subnet (${clash?.id ?? ""})`,
  );
}

/** Things that keep a VPC from being deleted. */
const heldByVpc = [
  ...subnetTypes,
  ...balancerTypes,
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/networkAcl:NetworkAcl",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
];

function vpcRemovable(vpc: Held, world: World): void {
  const user = world
    .at(vpc, ...heldByVpc)
    .find((held) => held.outputs.vpcId === vpc.id && !vpc.implied.includes(held));
  refuse(
    user !== undefined,
    "DependencyViolation",
    `The vpc '${vpc.id}' has dependencies and cannot be deleted (${user?.id ?? ""})`,
  );
}

function subnetRemovable(subnet: Held, world: World): void {
  const user = ownerOfInterfaceIn(world, subnet);
  refuse(
    user !== undefined,
    "DependencyViolation",
    `The subnet '${subnet.id}' has dependencies and cannot be deleted (${user?.id ?? ""})`,
  );
}
