import type { Resource, StackResources } from "../../resources/resource";
import { CARDS, ELB, PAYMENTS, balancerArn, groupArn, route, rule, vpc } from "./building-blocks";
import { gateway } from "./gateway-stack";
import { StackBuilder } from "./stack-builder";

/** A provider with its own balancer before an auto scaling group, a service in a second block, and one at an interface. */
function payments(): StackResources {
  const b = new StackBuilder("provider-account", "payments", PAYMENTS);
  vpc(b, "vpc-payments", "10.1.0.0/16", {
    "subnet-p1": ["10.1.1.0/24", "us-east-1a"],
    "subnet-p2": ["10.1.2.0/24", "us-east-1b"],
  });
  b.add("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", "second", "vpc-cidr-assoc-1", {
    vpcId: "vpc-payments",
    cidrBlock: "10.6.0.0/16",
  });
  b.add("aws:ec2/subnet:Subnet", "subnet-p3", "subnet-p3", {
    vpcId: "vpc-payments",
    cidrBlock: "10.6.1.0/24",
    availabilityZone: "us-east-1a",
  });
  b.add("aws:ec2/routeTable:RouteTable", "rtb-subnet-p3", "rtb-subnet-p3", { vpcId: "vpc-payments" });
  b.add("aws:ec2/routeTableAssociation:RouteTableAssociation", "subnet-p3", "rtbassoc-p3", {
    subnetId: "subnet-p3",
    routeTableId: "rtb-subnet-p3",
  });
  b.add("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", "gateway", "pcx-payments", {
    vpcPeeringConnectionId: "pcx-payments",
    autoAccept: true,
    acceptStatus: "active",
  });
  for (const table of ["rtb-subnet-p1", "rtb-subnet-p2", "rtb-subnet-p3"])
    route(b, table, "10.0.0.0/16", "pcx-payments");
  for (const group of ["sg-nlb", "sg-app", "sg-ledger", "sg-legacy"]) {
    b.add("aws:ec2/securityGroup:SecurityGroup", group, group, { vpcId: "vpc-payments" });
  }
  for (const [index, source] of ["10.0.1.10/32", "10.0.2.10/32"].entries()) {
    rule(b, "Ingress", `nlb-${index}`, "sg-nlb", 8080, { cidrIpv4: source });
    rule(b, "Ingress", `ledger-${index}`, "sg-ledger", 9000, { cidrIpv4: source });
  }
  rule(b, "Ingress", "legacy", "sg-legacy", 9100, { cidrIpv4: "10.0.1.30/32" });
  rule(b, "Egress", "nlb-app", "sg-nlb", 8080, { referencedSecurityGroupId: "sg-app" });
  rule(b, "Ingress", "app-nlb", "sg-app", 8080, { referencedSecurityGroupId: "sg-nlb" });
  const arn = balancerArn(PAYMENTS, "service");
  b.add("aws:lb/loadBalancer:LoadBalancer", "service", arn, {
    internal: true,
    loadBalancerType: "network",
    securityGroups: ["sg-nlb"],
    subnetMappings: [
      { subnetId: "subnet-p1", privateIpv4Address: "10.1.1.10" },
      { subnetId: "subnet-p2", privateIpv4Address: "10.1.2.10" },
    ],
  });
  const group = groupArn(PAYMENTS, "service");
  b.add("aws:lb/targetGroup:TargetGroup", "service", group, {
    port: 8080,
    protocol: "TCP",
    targetType: "instance",
    vpcId: "vpc-payments",
    preserveClientIp: "false",
    healthCheck: { protocol: "TCP", port: "traffic-port" },
  });
  b.add("aws:lb/listener:Listener", "service", `${ELB}:${PAYMENTS}:listener/net/service/0/0`, {
    loadBalancerArn: arn,
    port: 8080,
    protocol: "TCP",
    defaultActions: [{ type: "forward", targetGroupArn: group }],
  });
  b.add("aws:ec2/launchTemplate:LaunchTemplate", "service", "lt-00000001", {
    vpcSecurityGroupIds: ["sg-app"],
  });
  b.add("aws:autoscaling/group:Group", "service", "asg-service", {
    launchTemplate: { id: "lt-00000001", version: "$Latest" },
    vpcZoneIdentifiers: ["subnet-p1", "subnet-p2"],
    minSize: 2,
    maxSize: 4,
    targetGroupArns: [group],
  });
  b.add("aws:ec2/networkInterface:NetworkInterface", "ledger", "eni-ledger", {
    subnetId: "subnet-p3",
    privateIps: ["10.6.1.5"],
    securityGroups: ["sg-ledger"],
  });
  b.add("aws:ec2/networkInterface:NetworkInterface", "legacy", "eni-legacy", {
    subnetId: "subnet-p1",
    privateIps: ["10.1.1.50"],
    securityGroups: ["sg-legacy"],
  });
  return b.stack;
}

/** A provider that adopts what it has: an existing service given by address, subnet, route table and security group. */
function cards(): StackResources {
  const b = new StackBuilder("provider-account", "cards", CARDS);
  b.add("aws:ec2/vpc:Vpc", "vpc-cards", "vpc-cards", { cidrBlock: "10.2.0.0/16" }, true);
  b.add(
    "aws:ec2/subnet:Subnet",
    "subnet-c1",
    "subnet-c1",
    { vpcId: "vpc-cards", cidrBlock: "10.2.1.0/24", availabilityZone: "us-east-1c" },
    true,
  );
  b.add("aws:ec2/routeTable:RouteTable", "rtb-c1", "rtb-c1", { vpcId: "vpc-cards", routes: [] }, true);
  b.add(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "c1",
    "rtbassoc-c1",
    { subnetId: "subnet-c1", routeTableId: "rtb-c1" },
    true,
  );
  b.add(
    "aws:ec2/securityGroup:SecurityGroup",
    "sg-cards",
    "sg-cards",
    { vpcId: "vpc-cards", ingress: [], egress: [] },
    true,
  );
  b.add("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", "gateway", "pcx-cards", {
    vpcPeeringConnectionId: "pcx-cards",
    autoAccept: true,
  });
  route(b, "rtb-c1", "10.0.0.0/16", "pcx-cards");
  rule(b, "Ingress", "cards-0", "sg-cards", 8443, { cidrIpv4: "10.0.1.10/32" });
  rule(b, "Ingress", "cards-1", "sg-cards", 8443, { cidrIpv4: "10.0.2.10/32" });
  return b.stack;
}

/** Three stacks, four targets: payments, cards, ledger (V2) and legacy (V1). All are reachable. */
export function landscape(): StackResources[] {
  return [gateway(), payments(), cards()];
}

/** Resources of all stacks. */
export function all(stacks: StackResources[]): Resource[] {
  return stacks.flatMap((stack) => stack.resources);
}

/** The resource with an id, or with a type and name. */
export function find(stacks: StackResources[], type: string, name: string): Resource {
  const found = all(stacks).find((resource) => resource.type.endsWith(`:${type}`) && resource.name === name);
  if (found === undefined) throw new Error(`no ${type} ${name} in the fixture`);
  return found;
}

/** Takes a resource out of its stack. */
export function remove(stacks: StackResources[], type: string, name: string): void {
  const resource = find(stacks, type, name);
  for (const stack of stacks) stack.resources = stack.resources.filter((entry) => entry !== resource);
}

/** Sets properties of a resource, in its state and its inputs. */
export function set(
  stacks: StackResources[],
  type: string,
  name: string,
  values: Record<string, unknown>,
): void {
  const resource = find(stacks, type, name);
  Object.assign(resource.outputs, values);
  if (!resource.external) Object.assign(resource.inputs, values);
}
