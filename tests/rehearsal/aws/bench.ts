import assert from "node:assert/strict";
import type { Applied, ExistingResource } from "../../../rehearsal/aws/simulated-aws";
import { AwsError, SimulatedAws } from "../../../rehearsal/aws/simulated-aws";

export const gateway = "111111111111";
export const provider = "222222222222";
export const region = "us-east-1";

type Inputs = Record<string, unknown>;

/** Short names for the types that the tests use. */
export const types = {
  vpc: "aws:ec2/vpc:Vpc",
  block: "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
  subnet: "aws:ec2/subnet:Subnet",
  table: "aws:ec2/routeTable:RouteTable",
  defaultTable: "aws:ec2/defaultRouteTable:DefaultRouteTable",
  route: "aws:ec2/route:Route",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  peering: "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
  accepter: "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
  options: "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions",
  defaultGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  group: "aws:ec2/securityGroup:SecurityGroup",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  groupRule: "aws:ec2/securityGroupRule:SecurityGroupRule",
  prefixList: "aws:ec2/managedPrefixList:ManagedPrefixList",
  prefixListEntry: "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
  networkInterface: "aws:ec2/networkInterface:NetworkInterface",
  instance: "aws:ec2/instance:Instance",
  template: "aws:ec2/launchTemplate:LaunchTemplate",
  scaling: "aws:autoscaling/group:Group",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  nat: "aws:ec2/natGateway:NatGateway",
  eip: "aws:ec2/eip:Eip",
  acl: "aws:ec2/networkAcl:NetworkAcl",
  aclRule: "aws:ec2/networkAclRule:NetworkAclRule",
  balancer: "aws:lb/loadBalancer:LoadBalancer",
  listener: "aws:lb/listener:Listener",
  targets: "aws:lb/targetGroup:TargetGroup",
  attachment: "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  link1: "aws:apigateway/vpcLink:VpcLink",
  link2: "aws:apigatewayv2/vpcLink:VpcLink",
  api: "aws:apigateway/restApi:RestApi",
  apiPolicy: "aws:apigateway/restApiPolicy:RestApiPolicy",
  apiResource: "aws:apigateway/resource:Resource",
  method: "aws:apigateway/method:Method",
  integration: "aws:apigateway/integration:Integration",
  deployment: "aws:apigateway/deployment:Deployment",
  stage: "aws:apigateway/stage:Stage",
  methodSettings: "aws:apigateway/methodSettings:MethodSettings",
  account: "aws:apigateway/account:Account",
  role: "aws:iam/role:Role",
  policyAttachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  profile: "aws:iam/instanceProfile:InstanceProfile",
  parameter: "aws:ssm/parameter:Parameter",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
} as const;

export type Kind = keyof typeof types;

/** Simulated AWS with requests by short type name; the account is the gateway's unless another is given. */
export class Bench {
  readonly aws: SimulatedAws;

  constructor(existing: ExistingResource[] = []) {
    this.aws = new SimulatedAws(existing);
  }

  /** The URN that a kind and name get. */
  urn(kind: Kind, name: string, account = gateway): string {
    return `urn:pulumi:${account}::test::${types[kind]}::${name}`;
  }

  put(kind: Kind, name: string, inputs: Inputs, account = gateway, inRegion = region): Applied {
    const urn = this.urn(kind, name, account);
    return this.aws.put({ urn, type: types[kind], name, account, region: inRegion, inputs });
  }

  /** The id of what a put makes. */
  id(kind: Kind, name: string, inputs: Inputs, account = gateway, inRegion = region): string {
    return this.put(kind, name, inputs, account, inRegion).id;
  }

  read(kind: Kind, id: string, account = gateway, inRegion = region): Record<string, unknown> {
    const address = { urn: this.urn(kind, `read-${id}`, account), type: types[kind], name: "read" };
    return this.aws.read({ ...address, account, region: inRegion, id }).outputs;
  }

  remove(kind: Kind, name: string, account = gateway): void {
    this.aws.remove(this.urn(kind, name, account));
  }

  /** Asserts that a put is refused with a code and, when given, words. */
  refuses(
    code: string,
    kind: Kind,
    name: string,
    inputs: Inputs,
    words?: RegExp,
    account = gateway,
    inRegion = region,
  ): void {
    refused(code, () => this.put(kind, name, inputs, account, inRegion), words);
  }

  vpc(name: string, cidrBlock: string, account = gateway, inRegion = region): string {
    return this.id("vpc", name, { cidrBlock }, account, inRegion);
  }

  subnet(name: string, vpcId: string, cidrBlock: string, zone = "us-east-1a", account = gateway): string {
    return this.id("subnet", name, { vpcId, cidrBlock, availabilityZone: zone }, account);
  }
}

/** Asserts a refusal with a code and, when given, words. */
export function refused(code: string, action: () => unknown, words?: RegExp): void {
  assert.throws(action, (error: unknown) => {
    assert.ok(error instanceof AwsError, String(error));
    assert.equal(error.code, code, error.message);
    if (words !== undefined) assert.match(error.message, words);
    return true;
  });
}
