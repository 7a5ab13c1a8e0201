import { AwsError } from "./aws-error";
import type { Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import { visibleConnection } from "./ec2-connections";
import { internetGatewayType, subnetTypes, vpcOfInternetGateway } from "./ec2-facts";
import { subnetOfInterface } from "./ec2-interfaces";
import type { Properties } from "./properties";
import { text } from "./properties";

/** Refuses a target that does not exist or belongs to another network. */
export function checkTarget(s: Situation, tableId: string, vpcId: string, route: Properties): void {
  const foreign = (what: string): AwsError =>
    new AwsError("InvalidParameterValue", `route table ${tableId} and ${what} belong to different networks`);
  const peering = text(route.vpcPeeringConnectionId);
  if (peering !== undefined) {
    const found = visibleConnection(s, peering);
    if (found === undefined)
      throw new AwsError(
        "InvalidVpcPeeringConnectionID.NotFound",
        `The vpcPeeringConnection ID '${peering}' does not exist`,
      );
    if (found.requester.vpcId !== vpcId && found.accepter.vpcId !== vpcId)
      throw foreign(
        `the vpc peering connection ${peering} (${found.requester.vpcId} and ${found.accepter.vpcId})`,
      );
  }
  const gateway = text(route.gatewayId);
  if (gateway !== undefined && gateway.startsWith("igw-")) {
    const held = must(
      s.find(gateway, internetGatewayType),
      "InvalidInternetGatewayID.NotFound",
      `The gateway ID '${gateway}' does not exist`,
    );
    if (vpcOfInternetGateway(s.world, held) !== vpcId) throw foreign(`network gateway ${gateway}`);
  }
  const nat = text(route.natGatewayId);
  if (nat !== undefined) {
    const held = must(
      s.find(nat, "aws:ec2/natGateway:NatGateway"),
      "InvalidNatGatewayID.NotFound",
      `The natGateway ID '${nat}' does not exist`,
    );
    const subnet = s.find(text(held.outputs.subnetId), ...subnetTypes);
    if ((subnet?.outputs.vpcId ?? held.outputs.vpcId) !== vpcId) throw foreign(`NAT gateway ${nat}`);
  }
  const endpoint = text(route.vpcEndpointId);
  if (endpoint !== undefined) {
    const held = must(
      s.find(endpoint, "aws:ec2/vpcEndpoint:VpcEndpoint"),
      "InvalidVpcEndpointId.NotFound",
      `The vpcEndpoint ID '${endpoint}' does not exist`,
    );
    if (held.outputs.vpcId !== vpcId) throw foreign(`VPC endpoint ${endpoint}`);
  }
  const eni = text(route.networkInterfaceId);
  if (eni !== undefined) {
    const subnetId = subnetOfInterface(s, eni);
    refuse(
      subnetId === undefined,
      "InvalidNetworkInterfaceID.NotFound",
      `The networkInterface ID '${eni}' does not exist`,
    );
    if (s.find(subnetId, ...subnetTypes)?.outputs.vpcId !== vpcId) throw foreign(`interface ${eni}`);
  }
}
