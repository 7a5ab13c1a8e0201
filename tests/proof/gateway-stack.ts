import type { StackResources } from "../../resources/resource";
import {
  CARDS,
  GATEWAY,
  PAYMENTS,
  balancerArn,
  document,
  forwarding,
  route,
  rule,
  vpc,
} from "./building-blocks";
import { StackBuilder } from "./stack-builder";

/** Gateway account: V2 link and shared balancer for three targets, V1 link and a resource tree for a fourth. */
export function gateway(): StackResources {
  const b = new StackBuilder("shared-services", "gateway", GATEWAY);
  const shared = balancerArn(GATEWAY, "shared");
  const legacy = balancerArn(GATEWAY, "legacy");
  vpc(b, "vpc-gateway", "10.0.0.0/16", {
    "subnet-g1": ["10.0.1.0/24", "us-east-1a"],
    "subnet-g2": ["10.0.2.0/24", "us-east-1b"],
  });
  b.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "payments", "pcx-payments", {
    vpcId: "vpc-gateway",
    peerVpcId: "vpc-payments",
    peerOwnerId: PAYMENTS,
    acceptStatus: "pending-acceptance",
  });
  b.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "cards", "pcx-cards", {
    vpcId: "vpc-gateway",
    peerVpcId: "vpc-cards",
    peerOwnerId: CARDS,
    acceptStatus: "pending-acceptance",
  });
  for (const table of ["rtb-subnet-g1", "rtb-subnet-g2"]) {
    route(b, table, "10.1.0.0/16", "pcx-payments");
    route(b, table, "10.6.0.0/16", "pcx-payments");
    route(b, table, "10.2.0.0/16", "pcx-cards");
  }
  b.add("aws:ec2/securityGroup:SecurityGroup", "link", "sg-link", { vpcId: "vpc-gateway" });
  b.add("aws:ec2/securityGroup:SecurityGroup", "shared", "sg-shared", { vpcId: "vpc-gateway" });
  const ports = { payments: 8001, cards: 8002, ledger: 8003 };
  for (const [name, port] of Object.entries(ports)) {
    rule(b, "Egress", `link-${name}`, "sg-link", port, { referencedSecurityGroupId: "sg-shared" });
    rule(b, "Ingress", `shared-${name}`, "sg-shared", port, { referencedSecurityGroupId: "sg-link" });
  }
  rule(b, "Egress", "to-payments-1", "sg-shared", 8080, { cidrIpv4: "10.1.1.10/32" });
  rule(b, "Egress", "to-payments-2", "sg-shared", 8080, { cidrIpv4: "10.1.2.10/32" });
  rule(b, "Egress", "to-cards", "sg-shared", 8443, { cidrIpv4: "10.2.1.20/32" });
  rule(b, "Egress", "to-ledger", "sg-shared", 9000, { cidrIpv4: "10.6.1.5/32" });
  b.add("aws:lb/loadBalancer:LoadBalancer", "shared", shared, {
    internal: true,
    loadBalancerType: "network",
    securityGroups: ["sg-shared"],
    subnetMappings: [
      { subnetId: "subnet-g1", privateIpv4Address: "10.0.1.10" },
      { subnetId: "subnet-g2", privateIpv4Address: "10.0.2.10" },
    ],
  });
  b.add("aws:apigatewayv2/vpcLink:VpcLink", "link", "v2link", {
    subnetIds: ["subnet-g1", "subnet-g2"],
    securityGroupIds: ["sg-link"],
  });
  const to = { balancer: shared, vpcId: "vpc-gateway" };
  forwarding(b, {
    ...to,
    name: "payments",
    listenerPort: 8001,
    port: 8080,
    addresses: ["10.1.1.10", "10.1.2.10"],
  });
  forwarding(b, { ...to, name: "cards", listenerPort: 8002, port: 8443, addresses: ["10.2.1.20"] });
  forwarding(b, { ...to, name: "ledger", listenerPort: 8003, port: 9000, addresses: ["10.6.1.5"] });
  const body = document();
  b.add("aws:apigateway/restApi:RestApi", "api", "api0000001", {
    body: JSON.stringify(body),
    policy: JSON.stringify(body["x-amazon-apigateway-policy"]),
  });
  b.add("aws:apigateway/deployment:Deployment", "api", "deploy", { restApi: "api0000001" });
  b.add("aws:apigateway/stage:Stage", "prod", "ags-api0000001-prod", {
    restApi: "api0000001",
    deployment: "deploy",
    stageName: "prod",
  });
  // The older way: a V1 link and an API made of resources.
  b.add("aws:lb/loadBalancer:LoadBalancer", "legacy", legacy, {
    internal: true,
    loadBalancerType: "network",
    subnetMappings: [{ subnetId: "subnet-g1", privateIpv4Address: "10.0.1.30" }],
  });
  b.add("aws:apigateway/vpcLink:VpcLink", "legacy", "v1link", { targetArn: legacy });
  forwarding(b, {
    name: "legacy",
    balancer: legacy,
    vpcId: "vpc-gateway",
    listenerPort: 80,
    port: 9100,
    addresses: ["10.1.1.50"],
  });
  const api = { restApi: "api0000002" };
  const restApi = b.add("aws:apigateway/restApi:RestApi", "tree", "api0000002", {});
  restApi.outputs.rootResourceId = "root002";
  b.add("aws:apigateway/resource:Resource", "legacy", "res001", {
    ...api,
    parentId: "root002",
    pathPart: "legacy",
  });
  b.add("aws:apigateway/resource:Resource", "id", "res002", { ...api, parentId: "res001", pathPart: "{id}" });
  b.add("aws:apigateway/method:Method", "legacy", "agm-1", {
    ...api,
    resourceId: "res002",
    httpMethod: "GET",
    authorization: "AWS_IAM",
  });
  b.add("aws:apigateway/integration:Integration", "legacy", "agi-1", {
    ...api,
    resourceId: "res002",
    httpMethod: "GET",
    type: "HTTP_PROXY",
    connectionType: "VPC_LINK",
    connectionId: "v1link",
    uri: "http://legacy.internal/{id}",
    requestParameters: { "integration.request.path.id": "method.request.path.id" },
  });
  b.add("aws:apigateway/deployment:Deployment", "tree", "deploy2", api);
  b.add("aws:apigateway/stage:Stage", "v1", "ags-api0000002-v1", {
    ...api,
    deployment: "deploy2",
    stageName: "v1",
  });
  return b.stack;
}
