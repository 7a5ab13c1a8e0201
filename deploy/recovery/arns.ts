/** What an ARN of a resource tells a driver that wants to take the resource over. */
export interface Identified {
  /** Pulumi types of which it can be. */
  types: readonly string[];
  /** The id with which the provider reads it. */
  id: string;
}

const rules: readonly {
  pattern: RegExp;
  types: readonly string[];
  id: (match: RegExpExecArray) => string;
}[] = [
  ec2("vpc", "aws:ec2/vpc:Vpc"),
  ec2("subnet", "aws:ec2/subnet:Subnet"),
  ec2("route-table", "aws:ec2/routeTable:RouteTable"),
  ec2("internet-gateway", "aws:ec2/internetGateway:InternetGateway"),
  ec2("security-group", "aws:ec2/securityGroup:SecurityGroup"),
  ec2(
    "security-group-rule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  ),
  ec2(
    "vpc-peering-connection",
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
  ),
  ec2("launch-template", "aws:ec2/launchTemplate:LaunchTemplate"),
  whole(/^arn:[^:]+:elasticloadbalancing:[^:]+:\d+:loadbalancer\//, "aws:lb/loadBalancer:LoadBalancer"),
  whole(/^arn:[^:]+:elasticloadbalancing:[^:]+:\d+:targetgroup\//, "aws:lb/targetGroup:TargetGroup"),
  whole(/^arn:[^:]+:elasticloadbalancing:[^:]+:\d+:listener\//, "aws:lb/listener:Listener"),
  {
    pattern: /:apigateway:[^:]+:[^:]*:\/restapis\/([^/]+)\/stages\/([^/]+)$/,
    types: ["aws:apigateway/stage:Stage"],
    id: ([, api, stage]) => `${api}/${stage}`,
  },
  {
    pattern: /:apigateway:[^:]+:[^:]*:\/restapis\/([^/]+)$/,
    types: ["aws:apigateway/restApi:RestApi"],
    id: ([, api]) => api ?? "",
  },
  {
    pattern: /:apigateway:[^:]+:[^:]*:\/vpclinks\/([^/]+)$/,
    types: ["aws:apigatewayv2/vpcLink:VpcLink", "aws:apigateway/vpcLink:VpcLink"],
    id: ([, link]) => link ?? "",
  },
  {
    pattern: /:logs:[^:]+:\d+:log-group:(.+?)(?::\*)?$/,
    types: ["aws:cloudwatch/logGroup:LogGroup"],
    id: ([, name]) => name ?? "",
  },
  {
    pattern: /:iam::\d+:role\/(?:.*\/)?([^/]+)$/,
    types: ["aws:iam/role:Role"],
    id: ([, name]) => name ?? "",
  },
  {
    pattern: /:autoscaling:[^:]+:\d+:autoScalingGroup:[^:]*:autoScalingGroupName\/(.+)$/,
    types: ["aws:autoscaling/group:Group"],
    id: ([, name]) => name ?? "",
  },
];

function ec2(kind: string, ...types: string[]): (typeof rules)[number] {
  return {
    pattern: new RegExp(`^arn:[^:]+:ec2:[^:]+:\\d+:${kind}/([^/]+)$`),
    types,
    id: ([, id]) => id ?? "",
  };
}

function whole(pattern: RegExp, type: string): (typeof rules)[number] {
  return { pattern, types: [type], id: ({ input }) => input };
}

/**
 * Type and id of what an ARN names; undefined for what the programs of this project do not make.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function identify(arn: string): Identified | undefined {
  for (const { pattern, types, id } of rules) {
    const match = pattern.exec(arn);
    if (match !== null) return { types, id: id(match) };
  }
  return undefined;
}
