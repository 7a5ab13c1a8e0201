import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BenchSettings, BenchTarget } from "./bench-settings";

/**
 * The yardstick of the benchmark: a gateway stack as a careful person writes it with `aws.*` resources alone, one of each
 * per target, and an API built as a tree of resources, methods and integrations. No components, no contracts.
 *
 * @returns What a stack would export.
 */
export function plainGateway(settings: BenchSettings): Record<string, pulumi.Output<string>> {
  const network = plainNetwork(settings);
  connectProviders(settings, network);
  const entrance = plainEntrance(settings, network);
  const services = settings.targets.flatMap((target) => plainTarget(target, network, entrance));
  const invokeUrl = plainApi(settings, entrance, services);
  return { vpcId: network.vpc.id, balancerArn: entrance.balancer.arn, linkId: entrance.link.id, invokeUrl };
}

interface Network {
  vpc: aws.ec2.Vpc;
  subnets: aws.ec2.Subnet[];
  routeTable: aws.ec2.RouteTable;
}

/** The balancer and the link that all targets share. */
interface Entrance {
  balancer: aws.lb.LoadBalancer;
  balancerGroup: aws.ec2.SecurityGroup;
  link: aws.apigatewayv2.VpcLink;
  linkGroup: aws.ec2.SecurityGroup;
}

function plainNetwork(settings: BenchSettings): Network {
  const vpc = new aws.ec2.Vpc("gateway", {
    cidrBlock: settings.cidr,
    enableDnsSupport: true,
    enableDnsHostnames: true,
    tags: { Name: "gateway" },
  });
  const routeTable = new aws.ec2.RouteTable("gateway", { vpcId: vpc.id, tags: { Name: "gateway" } });
  const subnets = settings.zones.map((zone) => {
    const name = `gateway-${zone.name}`;
    const subnet = new aws.ec2.Subnet(name, {
      vpcId: vpc.id,
      cidrBlock: zone.subnetCidr,
      availabilityZone: zone.name,
      tags: { Name: name },
    });
    new aws.ec2.RouteTableAssociation(name, { subnetId: subnet.id, routeTableId: routeTable.id });
    return subnet;
  });
  return { vpc, subnets, routeTable };
}

/** One requested peering for each provider, and a route for each of its blocks. */
function connectProviders(settings: BenchSettings, { vpc, routeTable }: Network): void {
  for (const provider of settings.providers) {
    const peering = new aws.ec2.VpcPeeringConnection(provider.name, {
      vpcId: vpc.id,
      peerVpcId: provider.vpcId,
      peerOwnerId: provider.account,
      tags: { Name: provider.name },
    });
    for (const block of provider.cidrBlocks)
      new aws.ec2.Route(block, {
        routeTableId: routeTable.id,
        destinationCidrBlock: block,
        vpcPeeringConnectionId: peering.id,
      });
  }
}

function plainEntrance(settings: BenchSettings, { vpc, subnets }: Network): Entrance {
  const linkGroup = new aws.ec2.SecurityGroup("link", {
    vpcId: vpc.id,
    description: "VPC link of the central API gateway",
    tags: { Name: "link" },
  });
  const balancerGroup = new aws.ec2.SecurityGroup("balancer", {
    vpcId: vpc.id,
    description: "Load balancer of the central API gateway",
    tags: { Name: "balancer" },
  });
  new aws.vpc.SecurityGroupEgressRule("link-to-balancer", {
    securityGroupId: linkGroup.id,
    referencedSecurityGroupId: balancerGroup.id,
    ipProtocol: "tcp",
    fromPort: 1,
    toPort: 65535,
    description: "to the load balancer",
  });
  const balancer = new aws.lb.LoadBalancer("gateway", {
    internal: true,
    loadBalancerType: "network",
    ipAddressType: "ipv4",
    securityGroups: [balancerGroup.id],
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
    subnetMappings: settings.zones.map((zone, index) => ({
      subnetId: subnets[index]!.id,
      privateIpv4Address: zone.balancerAddress,
    })),
    tags: { Name: "gateway" },
  });
  const link = new aws.apigatewayv2.VpcLink("gateway", {
    subnetIds: subnets.map((subnet) => subnet.id),
    securityGroupIds: [linkGroup.id],
    tags: { Name: "gateway" },
  });
  return { balancer, balancerGroup, link, linkGroup };
}

/**
 * Target group, listener, attachments and rules of one target.
 *
 * @returns The resources without which a call of the target fails.
 */
function plainTarget(target: BenchTarget, { vpc }: Network, entrance: Entrance): pulumi.Resource[] {
  const { name, port, listenerPort } = target;
  const group = new aws.lb.TargetGroup(name, {
    vpcId: vpc.id,
    targetType: "ip",
    protocol: "TCP",
    port,
    preserveClientIp: "false",
    healthCheck: { enabled: true, protocol: "TCP", port: "traffic-port" },
    tags: { Name: name },
  });
  const listener = new aws.lb.Listener(name, {
    loadBalancerArn: entrance.balancer.arn,
    protocol: "TCP",
    port: listenerPort,
    defaultActions: [{ type: "forward", targetGroupArn: group.arn }],
  });
  const attachments = target.addresses.map(
    (address) =>
      new aws.lb.TargetGroupAttachment(`${name}-${address}`, {
        targetGroupArn: group.arn,
        targetId: address,
        port,
        availabilityZone: "all",
      }),
  );
  const egress = target.addresses.map(
    (address) =>
      new aws.vpc.SecurityGroupEgressRule(`${name}-${address}`, {
        securityGroupId: entrance.balancerGroup.id,
        cidrIpv4: `${address}/32`,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description: "to the address of targets",
      }),
  );
  const ingress = new aws.vpc.SecurityGroupIngressRule(name, {
    securityGroupId: entrance.balancerGroup.id,
    referencedSecurityGroupId: entrance.linkGroup.id,
    ipProtocol: "tcp",
    fromPort: listenerPort,
    toPort: listenerPort,
    description: `from the VPC link to ${name}`,
  });
  return [listener, ...attachments, ...egress, ingress];
}

/** The API, its deployment and stage; the result is the stage's URL. */
function plainApi(
  settings: BenchSettings,
  entrance: Entrance,
  services: pulumi.Resource[],
): pulumi.Output<string> {
  const policy = callersPolicy(settings.callers);
  const api = new aws.apigateway.RestApi("gateway", {
    endpointConfiguration: { types: "REGIONAL" },
    policy,
    apiKeySource: "HEADER",
    disableExecuteApiEndpoint: false,
    tags: { Name: "gateway" },
  });
  const calls = settings.targets.flatMap((target) => plainPaths(api, target, entrance));
  const deployment = new aws.apigateway.Deployment(
    "gateway",
    {
      restApi: api.id,
      triggers: { redeployment: contentHash(settings.targets, policy, entrance) },
    },
    { dependsOn: [...services, ...calls] },
  );
  const logs = new aws.cloudwatch.LogGroup("gateway", {
    retentionInDays: settings.logRetentionDays,
    tags: { Name: "gateway" },
  });
  const stage = new aws.apigateway.Stage("gateway", {
    restApi: api.id,
    deployment: deployment.id,
    stageName: settings.stageName,
    xrayTracingEnabled: true,
    accessLogSettings: { destinationArn: logs.arn, format: accessLogFormat },
    tags: { Name: "gateway" },
  });
  new aws.apigateway.MethodSettings("gateway", {
    restApi: api.id,
    stageName: stage.stageName,
    methodPath: "*/*",
    settings: {
      metricsEnabled: true,
      throttlingRateLimit: settings.throttling.rate,
      throttlingBurstLimit: settings.throttling.burst,
    },
  });
  return stage.invokeUrl;
}

/** The base path and everything below it: `{proxy+}` does not match its parent, so each needs a method of its own. */
function plainPaths(api: aws.apigateway.RestApi, target: BenchTarget, entrance: Entrance): pulumi.Resource[] {
  const { name, listenerPort } = target;
  const base = new aws.apigateway.Resource(name, {
    restApi: api.id,
    parentId: api.rootResourceId,
    pathPart: target.basePath.slice(1),
  });
  const below = new aws.apigateway.Resource(`${name}-proxy`, {
    restApi: api.id,
    parentId: base.id,
    pathPart: "{proxy+}",
  });
  const origin = pulumi.interpolate`http://${entrance.balancer.dnsName}:${listenerPort}`;
  return [
    ...plainCall(name, api, base, entrance, pulumi.interpolate`${origin}/`),
    ...plainCall(`${name}-proxy`, api, below, entrance, pulumi.interpolate`${origin}/{proxy}`, "proxy"),
  ];
}

/** Method and integration of one path, with its path parameter if it has one. */
function plainCall(
  name: string,
  api: aws.apigateway.RestApi,
  resource: aws.apigateway.Resource,
  entrance: Entrance,
  uri: pulumi.Output<string>,
  parameter?: string,
): pulumi.Resource[] {
  const method = new aws.apigateway.Method(name, {
    restApi: api.id,
    resourceId: resource.id,
    httpMethod: "ANY",
    authorization: "AWS_IAM",
    requestParameters: parameter === undefined ? undefined : { [`method.request.path.${parameter}`]: true },
  });
  const integration = new aws.apigateway.Integration(name, {
    restApi: api.id,
    resourceId: resource.id,
    httpMethod: method.httpMethod,
    type: "HTTP_PROXY",
    integrationHttpMethod: "ANY",
    connectionType: "VPC_LINK",
    connectionId: entrance.link.id,
    integrationTarget: entrance.balancer.arn,
    uri,
    timeoutMilliseconds: 29000,
    requestParameters:
      parameter === undefined
        ? undefined
        : { [`integration.request.path.${parameter}`]: `method.request.path.${parameter}` },
  });
  return [method, integration];
}

function callersPolicy(accounts: string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) },
        Action: "execute-api:Invoke",
        Resource: "execute-api:/*",
      },
    ],
  });
}

/** Changes whenever the stage has to be deployed again: with the paths, the link, the balancer or the policy. */
function contentHash(
  targets: BenchTarget[],
  policy: string,
  { link, balancer }: Entrance,
): pulumi.Output<string> {
  return pulumi.all([link.id, balancer.arn, balancer.dnsName]).apply((ids) =>
    createHash("sha256")
      .update(
        JSON.stringify([targets.map(({ basePath, listenerPort }) => [basePath, listenerPort]), policy, ids]),
      )
      .digest("hex"),
  );
}

const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  time: "$context.requestTime",
  caller: "$context.identity.userArn",
  callerAccount: "$context.identity.accountId",
  principal: "$context.authorizer.principalId",
  sourceIp: "$context.identity.sourceIp",
  target: "$context.resourcePath",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  integrationStatus: "$context.integration.status",
  integrationLatency: "$context.integration.latency",
  responseLatency: "$context.responseLatency",
  error: "$context.error.message",
});
