import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Ids of what surrounds one address of an existing service. */
export interface ExistingPlaceArgs {
  subnetId?: string;
  /** Route table associated with the subnet. */
  routeTableId?: string;
  securityGroupId?: string;
}

export interface ExistingNetworkArgs {
  /** Id of the VPC. */
  vpcId: string;
  /** Where the services' addresses are. */
  places: ExistingPlaceArgs[];
}

/**
 * Reads what exists around existing services: the VPC, subnets, route tables, their associations and security groups.
 * Nothing is changed; the resources appear in the stack as external ones, so that a proof can walk them. A subnet
 * that is not associated with the route table given fails here, before anything relies on it.
 */
export class ExistingNetwork extends pulumi.ComponentResource {
  constructor(name: string, args: ExistingNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("central-private-gateway:index:ExistingNetwork", name, { vpcId: args.vpcId }, opts);
    const children = { parent: this };
    aws.ec2.Vpc.get(`${name}-${args.vpcId}`, args.vpcId, undefined, children);
    for (const id of distinct(args.places.map((place) => place.subnetId))) {
      aws.ec2.Subnet.get(`${name}-${id}`, id, undefined, children);
    }
    for (const id of distinct(args.places.map((place) => place.routeTableId))) {
      aws.ec2.RouteTable.get(`${name}-${id}`, id, undefined, children);
    }
    for (const id of distinct(args.places.map((place) => place.securityGroupId))) {
      aws.ec2.SecurityGroup.get(`${name}-${id}`, id, undefined, children);
    }
    // The provider looks an association up by subnet and route table, as it does for an import.
    const pairs = args.places.map(({ subnetId, routeTableId }) =>
      subnetId === undefined || routeTableId === undefined ? undefined : `${subnetId}/${routeTableId}`,
    );
    for (const pair of distinct(pairs)) {
      aws.ec2.RouteTableAssociation.get(`${name}-${pair.replace("/", "-")}`, pair, undefined, children);
    }
    this.registerOutputs({});
  }
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}
