import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Peering } from "../components/peering";
import { type GatewayContract } from "../contracts/gateway-contract";
import { type ProvidedServices } from "./provide-services";

/**
 * Joins a provider's services to the gateway: accepts its peering connection, routes back to it, and admits each of
 * its balancers' addresses to each service's port. Returns the contract with the accepted connection.
 */
export function joinGateway(
  name: string,
  services: ProvidedServices,
  gateway: GatewayContract,
  opts: pulumi.ComponentResourceOptions = {},
): ProvidedServices["contract"] {
  const mine = gateway.providers[name];
  if (mine === undefined) return services.contract;
  const { vpc, contract, doors } = services;
  const peering = new Peering(
    `${name}-gateway`,
    { vpc, peerCidrBlocks: gateway.cidrBlocks, accept: { connectionId: mine.connectionId } },
    { ...opts, parent: vpc },
  );
  for (const [door, { securityGroupId, port }] of Object.entries(doors)) {
    for (const address of mine.sourceAddresses) {
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-admit-${door}-${address}`,
        {
          securityGroupId,
          cidrIpv4: `${address}/32`,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          description: "from a load balancer of the API gateway",
        },
        { ...opts, parent: vpc },
      );
    }
  }
  return {
    ...contract,
    connection: {
      ...contract.connection,
      acceptedConnectionId: peering.connectionId,
      admittedAddresses: mine.sourceAddresses,
    },
  };
}
