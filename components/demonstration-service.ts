import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Problem } from "../common/problems";
import { demonstrationUserData, imageParameter } from "./demonstration-image";
import { nameProblems } from "./gateway-balancer";
import { refuseProblems } from "./validation";

/** One port that the demonstration service answers on. */
export interface DemonstrationPortArgs {
  /** TCP port of the load balancer's listener and of the instances. */
  port: number;
  /** `TCP` or `HTTP`. Defaults to `TCP`. */
  healthCheckProtocol?: string;
  /** Path of an HTTP check. Defaults to `/`. */
  healthCheckPath?: string;
}

export interface DemonstrationServiceArgs {
  /** VPC of the service. */
  vpcId: pulumi.Input<string>;
  /** Subnets of the load balancer's nodes and of the instances, by zone. */
  subnetIds: Record<string, pulumi.Input<string>>;
  /** The load balancer's pinned address in each zone. */
  addresses: Record<string, string>;
  /** Ports by service name. */
  services: Record<string, DemonstrationPortArgs>;
  /** Instance type; the image follows its architecture. */
  instanceType: string;
  /** Number of instances. Defaults to one for each zone. */
  instances?: number;
}

/**
 * A microservice to try the path with: an auto scaling group behind an internal Network Load Balancer with pinned
 * addresses. The instances answer with what the Amazon Linux image ships, so they need no way out: no public address,
 * no NAT, no SSH, and IMDSv2 only. Who may call is decided by rules that are added to `securityGroupId`. `Name` tags
 * have a slash, so that in one stack with a gateway they are never those of a target or balancer with the same name.
 */
export class DemonstrationService extends pulumi.ComponentResource {
  /** Security group of the load balancer, to which the callers' addresses are admitted. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: DemonstrationServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { addresses, services } = args;
    super("central-private-gateway:index:DemonstrationService", name, { addresses, services }, opts);
    refuseProblems("DemonstrationService", name, serviceProblems(name, args));
    const balancerGroup = this.createSecurityGroup(
      name,
      "nlb",
      args.vpcId,
      "Load balancer of the demonstration service",
    );
    const instanceGroup = this.createSecurityGroup(
      name,
      "instance",
      args.vpcId,
      "Instances of the demonstration service",
    );
    this.securityGroupId = balancerGroup.id;

    const balancer = this.createBalancer(name, args);
    const targetGroups = Object.keys(services)
      .sort()
      .map((service) => this.createListener(name, service, args, balancer, balancerGroup, instanceGroup));
    this.createInstances(name, args, instanceGroup, targetGroups);
    this.registerOutputs({ securityGroupId: this.securityGroupId, addresses });
  }

  private createSecurityGroup(
    name: string,
    member: string,
    vpcId: pulumi.Input<string>,
    description: string,
  ): aws.ec2.SecurityGroup {
    return new aws.ec2.SecurityGroup(
      `${name}-${member}-sg`,
      { vpcId, description, tags: { Name: `${name}/${member}` } },
      { parent: this },
    );
  }

  private createBalancer(name: string, args: DemonstrationServiceArgs): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      `${name}-nlb`,
      {
        loadBalancerType: "network",
        internal: true,
        ipAddressType: "ipv4",
        // A node without a healthy instance in its own zone would answer nobody.
        enableCrossZoneLoadBalancing: true,
        subnetMappings: Object.keys(args.addresses)
          .sort()
          .map((zone) => ({
            subnetId: args.subnetIds[zone] ?? "",
            privateIpv4Address: args.addresses[zone],
          })),
        securityGroups: [this.securityGroupId],
        tags: { Name: `${name}/nlb` },
      },
      { parent: this },
    );
  }

  private createListener(
    name: string,
    service: string,
    args: DemonstrationServiceArgs,
    balancer: aws.lb.LoadBalancer,
    balancerGroup: aws.ec2.SecurityGroup,
    instanceGroup: aws.ec2.SecurityGroup,
  ): aws.lb.TargetGroup {
    const {
      port,
      healthCheckProtocol: protocol = "TCP",
      healthCheckPath = "/",
    } = args.services[service] ?? { port: 0 };
    const opts = { parent: this };
    const targetGroup = new aws.lb.TargetGroup(
      `${service}-tg`,
      {
        vpcId: args.vpcId,
        targetType: "instance",
        protocol: "TCP",
        port,
        // On by default for instances: the instances' group admits the load balancer, not its clients.
        preserveClientIp: "false",
        healthCheck: {
          enabled: true,
          protocol,
          port: "traffic-port",
          ...(protocol === "TCP" ? {} : { path: healthCheckPath, matcher: "200-399" }),
        },
        tags: { Name: `${name}/${service}` },
      },
      { ...opts, replaceWith: [balancer] },
    );
    new aws.lb.Listener(
      `${service}-listener`,
      {
        loadBalancerArn: balancer.arn,
        port,
        protocol: "TCP",
        defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
        tags: { Name: `${name}/${service}` },
      },
      opts,
    );
    const rule = { ipProtocol: "tcp", fromPort: port, toPort: port };
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-nlb-to-${service}`,
      {
        ...rule,
        securityGroupId: balancerGroup.id,
        referencedSecurityGroupId: instanceGroup.id,
        description: `to ${service}`,
      },
      opts,
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-instance-from-nlb-${service}`,
      {
        ...rule,
        securityGroupId: instanceGroup.id,
        referencedSecurityGroupId: balancerGroup.id,
        description: `to ${service}`,
      },
      opts,
    );
    return targetGroup;
  }

  private createInstances(
    name: string,
    args: DemonstrationServiceArgs,
    instanceGroup: aws.ec2.SecurityGroup,
    targetGroups: aws.lb.TargetGroup[],
  ): void {
    const template = new aws.ec2.LaunchTemplate(
      `${name}-template`,
      {
        imageId: `resolve:ssm:${imageParameter(args.instanceType)}`,
        instanceType: args.instanceType,
        vpcSecurityGroupIds: [instanceGroup.id],
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        userData: demonstrationUserData(args.services),
        updateDefaultVersion: true,
        tags: { Name: name },
      },
      { parent: this },
    );
    const zones = Object.keys(args.addresses).sort();
    const instances = args.instances ?? zones.length;
    new aws.autoscaling.Group(
      `${name}-instances`,
      {
        vpcZoneIdentifiers: zones.map((zone) => args.subnetIds[zone] ?? ""),
        minSize: instances,
        maxSize: instances,
        desiredCapacity: instances,
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        targetGroupArns: targetGroups.map((group) => group.arn),
        healthCheckType: "ELB",
        healthCheckGracePeriod: 120,
        instanceRefresh: { strategy: "Rolling" },
        tags: [{ key: "Name", value: name, propagateAtLaunch: true }],
      },
      { parent: this },
    );
  }
}

function serviceProblems(
  name: string,
  { addresses, subnetIds, services, instanceType, instances = 1 }: DemonstrationServiceArgs,
): Problem[] {
  const problems = nameProblems(name, "load balancer");
  const taken = new Map<number, string>();
  for (const [service, { port, healthCheckProtocol = "TCP" }] of Object.entries(services)) {
    const where = `services.${service}`;
    problems.push(...nameProblems(service, "target group").map((problem) => ({ ...problem, where })));
    const other = taken.get(port);
    if (!Number.isInteger(port) || port < 1 || port > 65535 || other !== undefined) {
      problems.push({
        where: `${where}.port`,
        what: other === undefined ? "is out of range" : `is the port of service "${other}", too`,
        value: String(port),
        allowed: "a whole number from 1 to 65535, another one for each service",
        change: "give a TCP port of its own",
      });
    }
    taken.set(port, service);
    if (healthCheckProtocol !== "TCP" && healthCheckProtocol !== "HTTP") {
      problems.push({
        where: `${where}.healthCheckProtocol`,
        what: "is not a protocol that the service answers",
        value: healthCheckProtocol,
        allowed: "TCP or HTTP",
        change: "choose one of them",
      });
    }
  }
  for (const zone of Object.keys(addresses).filter((zone) => subnetIds[zone] === undefined)) {
    problems.push({
      where: `addresses.${zone}`,
      what: "is in a zone without a subnet",
      value: addresses[zone],
      allowed: Object.keys(subnetIds).join(" or "),
      change: "give the zone's subnet",
    });
  }
  if (!/^[a-z0-9-]+\.[a-z0-9-]+$/.test(instanceType)) {
    problems.push({
      where: "instanceType",
      what: "is not an instance type",
      value: instanceType,
      allowed: "an instance type such as t3.micro",
      change: "name an instance type of the region",
    });
  }
  if (!Number.isInteger(instances) || instances < 1) {
    problems.push({
      where: "instances",
      what: "is no number of instances that answers",
      value: String(instances),
      allowed: "a whole number from 1",
      change: "give another number, or leave it out for one in each zone",
    });
  }
  for (const [where, map] of Object.entries({ addresses, services })) {
    if (Object.keys(map).length > 0) continue;
    problems.push({ where, what: "is empty", allowed: "at least one entry", change: "add an entry" });
  }
  return problems;
}
