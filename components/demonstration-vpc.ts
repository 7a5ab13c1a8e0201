import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { planDemonstration } from "./demonstration-plan";
import { defaultHostNumber } from "./gateway-balancer";
import { cidrBlockProblems } from "./subnet-plan";
import { refuseProblems } from "./validation";

export interface DemonstrationVpcArgs {
  /** IPv4 CIDR blocks. The first is the VPC's own, the others are associated with it. */
  cidrBlocks: string[];
  /** Availability zones by name; one isolated subnet for each zone and block. */
  zones: string[];
}

/**
 * An ordinary provider VPC: `awsx.ec2.Vpc` with isolated subnets whose CIDR blocks follow from configuration, no NAT,
 * and one more subnet for each further block and zone, behind the zone's route table. awsx names subnets by the
 * zone's position, so a zone added before another in the alphabet replaces that zone's subnet.
 */
export class DemonstrationVpc extends pulumi.ComponentResource {
  /** Id of the VPC. */
  readonly vpcId: pulumi.Output<string>;
  /** Subnets: by VPC block, by zone. */
  readonly subnetIds: Record<string, Record<string, pulumi.Output<string>>>;
  /** Route tables by zone. */
  readonly routeTableIds: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: DemonstrationVpcArgs, opts?: pulumi.ComponentResourceOptions) {
    super("central-private-gateway:index:DemonstrationVpc", name, { ...args }, opts);
    const zones = [...args.zones].sort();
    const [first = "", ...others] = args.cidrBlocks;
    const { plan, problems } = planDemonstration(
      { cidrBlocks: args.cidrBlocks, zones, hostNumber: defaultHostNumber },
      { network: "", demonstration: "" },
    );
    const blockProblems = cidrBlockProblems(args.cidrBlocks, "cidrBlocks");
    refuseProblems("DemonstrationVpc", name, blockProblems.length > 0 ? blockProblems : problems);

    // A remote component is told its children's providers only when they are given: its parent's are not sent.
    const provider = this.getProvider("aws:ec2/vpc:Vpc");
    const vpc = new awsx.ec2.Vpc(
      name,
      {
        cidrBlock: first,
        availabilityZoneNames: zones,
        subnetStrategy: "Auto",
        subnetSpecs: [
          {
            type: "Isolated",
            name: "service",
            cidrBlocks: zones.map((zone) => plan.subnets[first]?.[zone] ?? ""),
          },
        ],
        natGateways: { strategy: "None" },
        enableDnsSupport: true,
        enableDnsHostnames: true,
      },
      { parent: this, ...(provider === undefined ? {} : { providers: [provider] }) },
    );
    this.vpcId = vpc.vpcId;
    this.routeTableIds = byZone(zones, (index) =>
      vpc.routeTables.apply((tables) => tables[index]?.id ?? pulumi.output("")),
    );
    this.subnetIds = {
      [first]: byZone(zones, (index) => vpc.isolatedSubnetIds.apply((ids) => ids[index] ?? "")),
    };
    for (const block of others) this.subnetIds[block] = this.addBlock(name, block, plan.subnets[block] ?? {});
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private addBlock(
    name: string,
    block: string,
    subnets: Record<string, string>,
  ): Record<string, pulumi.Output<string>> {
    const association = new aws.ec2.VpcIpv4CidrBlockAssociation(
      `${name}-block-${block}`,
      { vpcId: this.vpcId, cidrBlock: block },
      { parent: this },
    );
    const ids: Record<string, pulumi.Output<string>> = {};
    for (const [zone, cidrBlock] of Object.entries(subnets)) {
      const subnet = new aws.ec2.Subnet(
        `${name}-${block}-${zone}`,
        {
          vpcId: association.vpcId,
          cidrBlock,
          availabilityZone: zone,
          tags: { Name: `${name}-${block}-${zone}` },
        },
        { parent: this },
      );
      new aws.ec2.RouteTableAssociation(
        `${name}-${block}-${zone}-routes`,
        { subnetId: subnet.id, routeTableId: this.routeTableIds[zone] ?? "" },
        { parent: this },
      );
      ids[zone] = subnet.id;
    }
    return ids;
  }
}

function byZone<T>(zones: readonly string[], value: (index: number) => T): Record<string, T> {
  return Object.fromEntries(zones.map((zone, index) => [zone, value(index)]));
}
