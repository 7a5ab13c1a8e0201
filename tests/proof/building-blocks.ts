import type { StackBuilder } from "./stack-builder";

export const ELB = "arn:aws:elasticloadbalancing:us-east-1";
export const GATEWAY = "111111111111";
export const PAYMENTS = "222222222222";
export const CARDS = "333333333333";

export function balancerArn(account: string, name: string): string {
  return `${ELB}:${account}:loadbalancer/net/${name}/0`;
}

export function groupArn(account: string, name: string): string {
  return `${ELB}:${account}:targetgroup/${name}/0`;
}

export function rule(
  b: StackBuilder,
  way: "Ingress" | "Egress",
  name: string,
  group: string,
  port: number,
  peer: Record<string, string>,
): void {
  b.add(`aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`, name, `sgr-${name}`, {
    securityGroupId: group,
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
    ...peer,
  });
}

export interface Forwarding {
  name: string;
  balancer: string;
  listenerPort: number;
  port: number;
  vpcId: string;
  addresses: string[];
}

export function forwarding(
  b: StackBuilder,
  { name, balancer, listenerPort, port, vpcId, addresses }: Forwarding,
): void {
  const group = groupArn(b.account, name);
  b.add("aws:lb/targetGroup:TargetGroup", name, group, {
    port,
    protocol: "TCP",
    targetType: "ip",
    vpcId,
    preserveClientIp: "false",
    healthCheck: { protocol: "TCP", port: "traffic-port" },
  });
  b.add("aws:lb/listener:Listener", name, `${ELB}:${b.account}:listener/net/${name}/0/0`, {
    loadBalancerArn: balancer,
    port: listenerPort,
    protocol: "TCP",
    defaultActions: [{ type: "forward", targetGroupArn: group }],
  });
  for (const address of addresses) {
    b.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", `${name}-${address}`, `${name}-${address}`, {
      targetGroupArn: group,
      targetId: address,
      port,
      availabilityZone: "all",
    });
  }
}

export function vpc(
  b: StackBuilder,
  id: string,
  block: string,
  subnets: Record<string, [string, string]>,
): void {
  b.add("aws:ec2/vpc:Vpc", id, id, { cidrBlock: block });
  const vpcResource = b.stack.resources[b.stack.resources.length - 1];
  if (vpcResource !== undefined) vpcResource.outputs.mainRouteTableId = `rtb-main-${id}`;
  for (const [subnet, [cidrBlock, availabilityZone]] of Object.entries(subnets)) {
    b.add("aws:ec2/subnet:Subnet", subnet, subnet, { vpcId: id, cidrBlock, availabilityZone });
    const table = `rtb-${subnet}`;
    b.add("aws:ec2/routeTable:RouteTable", table, table, { vpcId: id });
    b.add("aws:ec2/routeTableAssociation:RouteTableAssociation", subnet, `rtbassoc-${subnet}`, {
      subnetId: subnet,
      routeTableId: table,
    });
  }
}

export function route(b: StackBuilder, table: string, destination: string, connection: string): void {
  b.add("aws:ec2/route:Route", `${table}-${destination}`, `r-${table}${destination}`, {
    routeTableId: table,
    destinationCidrBlock: destination,
    vpcPeeringConnectionId: connection,
  });
}

function method(port: number, path: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    parameters: [...path.matchAll(/\{(\w+)\+?\}/g)].map((m) => ({
      name: m[1],
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    security: [{ sigv4: [] }],
    "x-amazon-apigateway-integration": {
      type: "http_proxy",
      httpMethod: "ANY",
      connectionType: "VPC_LINK",
      connectionId: "v2link",
      integrationTarget: balancerArn(GATEWAY, "shared"),
      uri: `http://service.internal:${port}${path.replace("+", "").replace(/^\/[a-z]+/, "")}`,
      requestParameters: Object.fromEntries(
        [...path.matchAll(/\{(\w+)\+?\}/g)].map((m) => [
          `integration.request.path.${m[1]}`,
          `method.request.path.${m[1]}`,
        ]),
      ),
      timeoutInMillis: 29000,
      ...extra,
    },
  };
}

export function document(): { paths: Record<string, Record<string, Record<string, unknown>>> } & Record<
  string,
  unknown
> {
  const any = "x-amazon-apigateway-any-method";
  const arn = "arn:aws:execute-api:us-east-1:111111111111:*/*";
  return {
    openapi: "3.0.1",
    info: { title: "bank", version: "1" },
    paths: {
      "/payments": { [any]: method(8001, "/payments") },
      "/payments/{proxy+}": { [any]: method(8001, "/payments/{proxy+}") },
      "/cards/{id}": { get: method(8002, "/cards/{id}") },
      "/ledger": { get: method(8003, "/ledger") },
    },
    components: {
      securitySchemes: {
        sigv4: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          "x-amazon-apigateway-authtype": "awsSigv4",
        },
      },
    },
    "x-amazon-apigateway-policy": {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::444444444444:root" },
          Action: "execute-api:Invoke",
          Resource: arn,
        },
      ],
    },
  };
}
