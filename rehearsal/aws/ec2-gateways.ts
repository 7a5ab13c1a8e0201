import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { must, oneOf, refuse, token } from "./behaviour";
import {
  checkSecurityGroups,
  internetGatewayAttachmentType,
  internetGatewayType,
  mustHaveSubnet,
  mustHaveVpc,
  routeTableTypes,
  subnetTypes,
  vpcOfInternetGateway,
} from "./ec2-facts";
import { checkFreeAddress, someAddress } from "./ec2-interfaces";
import type { Properties } from "./properties";
import { object, objects, text, texts, yes } from "./properties";
import type { Held } from "./world";

/** https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html, private DNS */
function checkPrivateDns(s: Situation, vpc: Held): void {
  refuse(
    s.inputs.vpcEndpointType === "Interface" &&
      yes(s.inputs.privateDnsEnabled) &&
      !(yes(vpc.outputs.enableDnsSupport) && yes(vpc.outputs.enableDnsHostnames)),
    "InvalidParameter",
    "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true",
  );
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html */
function checkWayOut(s: Situation, vpcId: unknown): void {
  const gateway = s.others(internetGatewayType).find((held) => vpcOfInternetGateway(s.world, held) === vpcId);
  refuse(
    gateway === undefined && s.previous === undefined,
    "Gateway.NotAttached",
    `Network ${String(vpcId)} has no Internet gateway attached`,
  );
}

function checkAttachment(s: Situation, vpcId: unknown, gatewayId?: string): void {
  mustHaveVpc(s, vpcId);
  const other = s
    .others(internetGatewayType, internetGatewayAttachmentType)
    .find((held) => held.outputs.vpcId === vpcId && held.id !== gatewayId);
  refuse(
    other !== undefined,
    "Resource.AlreadyAssociated",
    `Network ${String(vpcId)} already has an internet gateway attached (${other?.id ?? ""})`,
  );
}

/** Gateway endpoints are reached by a prefix list, interface endpoints by names. */
function endpointAddresses(s: Situation, id: string): Properties {
  const service = String(s.inputs.serviceName).split(".").pop() ?? "";
  if ((text(s.inputs.vpcEndpointType) ?? "Gateway") === "Gateway")
    // The block is TEST-NET-2 (RFC 5737): AWS's own blocks change.
    return { prefixListId: prefixListId(s.region, service), cidrBlocks: ["198.51.100.0/24"] };
  if (s.inputs.vpcEndpointType !== "Interface") return {};
  const name = `${id}-${s.token(8)}.${service}.${s.region}.vpce.amazonaws.com`;
  return { dnsEntries: [{ dnsName: name, hostedZoneId: `Z${s.token(13, "alphanumeric").toUpperCase()}` }] };
}

/** Invented id of the list that AWS keeps for a service (`s3`, `dynamodb`) in a region. */
export function prefixListId(region: string, service: string): string {
  return `pl-${token(`${region}#${service}`, 8, "hex")}`;
}

/** Internet and NAT gateways, elastic addresses, VPC endpoints, flow logs. */
export const gatewayBehaviours: Behaviours = {
  [internetGatewayType]: {
    id: (s) => s.ec2Id("igw"),
    computed: (s, id) => ({
      arn: s.arn("ec2", `internet-gateway/${id}`),
      ownerId: s.account,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      if (text(s.inputs.vpcId) !== undefined) checkAttachment(s, s.inputs.vpcId);
    },
    notFound: (id) =>
      new AwsError("InvalidInternetGatewayID.NotFound", `The internetGateway ID '${id}' does not exist`),
  },
  [internetGatewayAttachmentType]: {
    required: ["internetGatewayId", "vpcId"],
    replaceOn: ["internetGatewayId", "vpcId"],
    id: (s) => `${String(s.inputs.internetGatewayId)}:${String(s.inputs.vpcId)}`,
    check: (s) => {
      const id = String(s.inputs.internetGatewayId);
      const gateway = must(
        s.find(id, internetGatewayType),
        "InvalidInternetGatewayID.NotFound",
        `The internetGateway ID '${id}' does not exist`,
      );
      const attached = vpcOfInternetGateway(s.world, gateway);
      refuse(
        attached !== undefined && s.previous === undefined,
        "Resource.AlreadyAssociated",
        `resource ${id} is already attached to network ${attached ?? ""}`,
      );
      checkAttachment(s, s.inputs.vpcId, id);
    },
  },
  "aws:ec2/eip:Eip": {
    replaceOn: ["domain", "networkBorderGroup", "publicIpv4Pool", "address"],
    id: (s) => s.ec2Id("eipalloc"),
    defaults: (s) => ({ domain: "vpc", networkBorderGroup: s.region, publicIpv4Pool: "amazon" }),
    computed: (s, id) => {
      // Addresses from TEST-NET-3 (RFC 5737): they belong to nobody.
      const address = `203.0.113.${parseInt(token(id, 4, "hex"), 16) % 256}`;
      return {
        allocationId: id,
        arn: s.arn("ec2", `elastic-ip/${id}`),
        publicIp: address,
        publicDns: `ec2-${address.replaceAll(".", "-")}.compute-1.amazonaws.com`,
        tagsAll: object(s.inputs.tags),
      };
    },
    notFound: (id) =>
      new AwsError("InvalidAllocationID.NotFound", `The allocation ID '${id}' does not exist`),
  },
  "aws:ec2/natGateway:NatGateway": {
    replaceOn: ["subnetId", "allocationId", "connectivityType", "privateIp", "vpcId", "availabilityMode"],
    id: (s) => s.ec2Id("nat"),
    defaults: (s) => ({
      connectivityType: "public",
      availabilityMode: "zonal",
      privateIp: someAddress(s, s.find(text(s.inputs.subnetId), ...subnetTypes)),
    }),
    computed: (s) => ({
      networkInterfaceId: s.ec2Id("eni"),
      associationId: s.ec2Id("eipassoc"),
      publicIp: s.find(text(s.inputs.allocationId), "aws:ec2/eip:Eip")?.outputs.publicIp,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      if (s.inputs.availabilityMode === "regional") {
        mustHaveVpc(s, s.inputs.vpcId);
        return;
      }
      refuse(
        s.inputs.subnetId === undefined,
        "MissingParameter",
        "The request must contain the parameter SubnetId",
      );
      const subnet = mustHaveSubnet(s, s.inputs.subnetId);
      const pinned = text(s.inputs.privateIp);
      if (pinned !== undefined) checkFreeAddress(s, subnet, pinned);
      const allocation = text(s.inputs.allocationId);
      if (s.inputs.connectivityType === "private") {
        refuse(allocation !== undefined, "InvalidParameter", "a private NAT gateway takes no allocation ID");
        return;
      }
      refuse(
        s.find(allocation, "aws:ec2/eip:Eip") === undefined,
        "InvalidAllocationID.NotFound",
        `The allocation ID '${allocation ?? ""}' does not exist`,
      );
      const user = s
        .others("aws:ec2/natGateway:NatGateway")
        .find((other) => other.outputs.allocationId === allocation);
      checkWayOut(s, subnet.outputs.vpcId);
      refuse(
        user !== undefined,
        "Resource.AlreadyAssociated",
        `Elastic IP address [${allocation ?? ""}] is already associated with ${user?.id ?? ""}`,
      );
    },
    notFound: (id) => new AwsError("NatGatewayNotFound", `NatGateway ${id} was not found`),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    required: ["vpcId"],
    replaceOn: [
      "vpcId",
      "serviceName",
      "vpcEndpointType",
      "serviceRegion",
      "resourceConfigurationArn",
      "serviceNetworkArn",
    ],
    id: (s) => s.ec2Id("vpce"),
    defaults: () => ({ vpcEndpointType: "Gateway", privateDnsEnabled: false, ipAddressType: "ipv4" }),
    computed: (s, id) => ({
      arn: s.arn("ec2", `vpc-endpoint/${id}`),
      ownerId: s.account,
      state: "available",
      requesterManaged: false,
      networkInterfaceIds: texts(s.inputs.subnetIds).map((subnet) => s.ec2Id("eni", subnet)),
      ...endpointAddresses(s, id),
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      oneOf(s.inputs, ["serviceName", "resourceConfigurationArn", "serviceNetworkArn"], true);
      checkPrivateDns(s, mustHaveVpc(s, s.inputs.vpcId));
      for (const id of texts(s.inputs.routeTableIds)) {
        const table = must(
          s.find(id, ...routeTableTypes),
          "InvalidRouteTableId.NotFound",
          `The routeTable ID '${id}' does not exist`,
        );
        refuse(
          table.outputs.vpcId !== s.inputs.vpcId,
          "InvalidParameter",
          `Route table ${id} and network ${String(s.inputs.vpcId)} belong to different networks`,
        );
      }
      const zones = new Set<unknown>();
      for (const id of texts(s.inputs.subnetIds)) {
        const subnet = mustHaveSubnet(s, id);
        refuse(
          subnet.outputs.vpcId !== s.inputs.vpcId,
          "InvalidParameter",
          `Subnet ${id} and network ${String(s.inputs.vpcId)} belong to different networks`,
        );
        refuse(
          zones.has(subnet.outputs.availabilityZone),
          "DuplicateSubnetsInSameZone",
          `Found another VPC endpoint subnet in the availability zone of ${id}`,
        );
        zones.add(subnet.outputs.availabilityZone);
      }
      for (const part of objects(s.inputs.subnetConfigurations)) {
        const address = text(part.ipv4);
        if (address !== undefined) checkFreeAddress(s, mustHaveSubnet(s, part.subnetId), address);
      }
      checkSecurityGroups(s, texts(s.inputs.securityGroupIds), s.inputs.vpcId);
    },
    notFound: (id) =>
      new AwsError("InvalidVpcEndpointId.NotFound", `The Vpc Endpoint Id '${id}' does not exist`),
  },
  "aws:ec2/flowLog:FlowLog": {
    replaceOn: [
      ...[
        "vpcId",
        "subnetId",
        "eniId",
        "transitGatewayId",
        "transitGatewayAttachmentId",
        "trafficType",
        "iamRoleArn",
      ],
      ...[
        "logDestination",
        "logDestinationType",
        "logFormat",
        "maxAggregationInterval",
        "deliverCrossAccountRole",
      ],
    ],
    id: (s) => s.ec2Id("fl"),
    defaults: () => ({ logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 }),
    computed: (s, id) => ({ arn: s.arn("ec2", `vpc-flow-log/${id}`), tagsAll: object(s.inputs.tags) }),
    check: (s) => {
      oneOf(
        s.inputs,
        [
          "vpcId",
          "subnetId",
          "eniId",
          "transitGatewayId",
          "transitGatewayAttachmentId",
          "regionalNatGatewayId",
        ],
        true,
      );
      if (text(s.inputs.vpcId) !== undefined) mustHaveVpc(s, s.inputs.vpcId);
      if (text(s.inputs.subnetId) !== undefined) mustHaveSubnet(s, s.inputs.subnetId);
      refuse(
        s.inputs.trafficType === undefined && s.inputs.transitGatewayId === undefined,
        "MissingParameter",
        "The request must contain the parameter TrafficType",
      );
      const toLogs = (text(s.inputs.logDestinationType) ?? "cloud-watch-logs") === "cloud-watch-logs";
      refuse(
        toLogs && (s.inputs.iamRoleArn === undefined || s.inputs.logDestination === undefined),
        "InvalidParameter",
        "DeliverLogsPermissionArn and a log group are required for the destination type cloud-watch-logs",
      );
    },
  },
};
