import type { StackResources } from "../../resources/resource";
import { PAYMENTS, balancerArn, document } from "./building-blocks";
import { find, remove, set } from "./landscape";

/** A change to the landscape. */
export type Change = (stacks: StackResources[]) => void;

/** Title, change, the targets that it affects, and the code of the finding. */
export type Row = [string, Change, string[], string];

export const NAMES = ["cards", "ledger", "legacy", "payments"];
const BEHIND_V2 = ["cards", "ledger", "payments"];
const AT_PAYMENTS = ["ledger", "legacy", "payments"];

function changeDocument(stacks: StackResources[], change: (body: ReturnType<typeof document>) => void): void {
  const body = document();
  change(body);
  set(stacks, "RestApi", "api", { body: JSON.stringify(body) });
}

function changeIntegration(stacks: StackResources[], path: string, values: Record<string, unknown>): void {
  changeDocument(stacks, (body) => {
    for (const method of Object.values(body.paths[path] ?? {})) {
      Object.assign(method["x-amazon-apigateway-integration"] as object, values);
    }
  });
}

const removed =
  (type: string, name: string): Change =>
  (stacks) =>
    remove(stacks, type, name);
const changed =
  (type: string, name: string, values: Record<string, unknown>): Change =>
  (stacks) =>
    set(stacks, type, name, values);

// prettier-ignore
export const BLOCKED: Row[] = [
  ["a stage is removed", removed("Stage", "prod"), BEHIND_V2, "NO_STAGE"],
  ["the deployment is removed", removed("Deployment", "api"), BEHIND_V2, "NO_DEPLOYMENT"],
  ["the stage serves another API's deployment", changed("Stage", "prod", { deployment: "deploy2" }), BEHIND_V2, "NO_DEPLOYMENT"],
  ["the V2 link is removed", removed("VpcLink", "link"), BEHIND_V2, "VPC_LINK_NOT_FOUND"],
  ["the V1 link is removed", removed("VpcLink", "legacy"), ["legacy"], "VPC_LINK_NOT_FOUND"],
  ["the shared balancer is removed", removed("LoadBalancer", "shared"), BEHIND_V2, "LOAD_BALANCER_NOT_FOUND"],
  ["the V1 balancer is removed", removed("LoadBalancer", "legacy"), ["legacy"], "LOAD_BALANCER_NOT_FOUND"],
  ["the provider's balancer listens on another port", changed("Listener", "service", { port: 8081 }), ["payments"], "ELB_LISTENER_NOT_FOUND"],
  ["a gateway listener is removed", removed("Listener", "cards"), ["cards"], "ELB_LISTENER_NOT_FOUND"],
  ["a listener takes UDP", changed("Listener", "cards", { protocol: "UDP" }), ["cards"], "PROTOCOL_MISMATCH"],
  ["a listener forwards nothing", changed("Listener", "cards", { defaultActions: [{ type: "fixed-response" }] }), ["cards"], "ELBV2_LISTENER_HAS_NO_TG"],
  ["a target group is removed", removed("TargetGroup", "ledger"), ["ledger"], "ELBV2_LISTENER_HAS_NO_TG"],
  ["an attachment is removed", removed("TargetGroupAttachment", "ledger-10.6.1.5"), ["ledger"], "TARGET_GROUP_EMPTY"],
  ["an attachment has the wrong port", changed("TargetGroupAttachment", "cards-10.2.1.20", { port: 8444 }), ["cards"], "ENI_SG_RULES_MISMATCH"],
  ["an attachment outside of the VPC has no zone", changed("TargetGroupAttachment", "cards-10.2.1.20", { availabilityZone: undefined }), ["cards"], "ELB_INSTALLED_AZ_RESTRICTION"],
  ["an attachment has an address of nobody's block", changed("TargetGroupAttachment", "ledger-10.6.1.5", { targetId: "10.7.1.5" }), ["ledger"], "CANNOT_ROUTE"],
  ["a gateway route is removed", removed("Route", "rtb-subnet-g1-10.2.0.0/16"), ["cards"], "CANNOT_ROUTE"],
  ["a return route is removed", removed("Route", "rtb-c1-10.0.0.0/16"), ["cards"], "CANNOT_ROUTE"],
  ["one return route of a provider with several is removed", removed("Route", "rtb-subnet-p3-10.0.0.0/16"), ["ledger"], "CANNOT_ROUTE"],
  ["a provider's association is removed", removed("RouteTableAssociation", "subnet-p3"), ["ledger"], "CANNOT_ROUTE"],
  ["a gateway association is removed", removed("RouteTableAssociation", "subnet-g2"), BEHIND_V2, "CANNOT_ROUTE"],
  ["an accepter is removed", removed("VpcPeeringConnectionAccepter", "gateway"), AT_PAYMENTS, "BAD_STATE"],
  ["the connection is pending for its accepter", changed("VpcPeeringConnectionAccepter", "gateway", { acceptStatus: "pending-acceptance" }), AT_PAYMENTS, "BAD_STATE"],
  ["the request for the connection is removed", removed("VpcPeeringConnection", "cards"), ["cards"], "BAD_STATE"],
  ["the connection is deleted", changed("VpcPeeringConnection", "cards", { acceptStatus: "deleted" }), ["cards"], "BAD_STATE"],
  ["the connection joins other VPCs", changed("VpcPeeringConnection", "cards", { vpcId: "vpc-other" }), ["cards"], "BAD_STATE_ROUTE"],
  ["the link's outbound rule is removed", removed("SecurityGroupEgressRule", "link-cards"), ["cards"], "ENI_SG_RULES_MISMATCH"],
  ["the balancer's inbound rule is removed", removed("SecurityGroupIngressRule", "shared-cards"), ["cards"], "ENI_SG_RULES_MISMATCH"],
  ["the balancer's outbound rule is removed", removed("SecurityGroupEgressRule", "to-ledger"), ["ledger"], "ENI_SG_RULES_MISMATCH"],
  ["a service admits only one node", removed("SecurityGroupIngressRule", "cards-1"), ["cards"], "PARTLY_REACHABLE"],
  ["a service admits another port", changed("SecurityGroupIngressRule", "ledger-0", { fromPort: 1, toPort: 2 }), ["ledger"], "ENI_SG_RULES_MISMATCH"],
  ["the provider's balancer admits nothing", removed("SecurityGroupIngressRule", "nlb-0"), ["payments"], "ENI_SG_RULES_MISMATCH"],
  ["the provider's balancer may not reach its instances", removed("SecurityGroupEgressRule", "nlb-app"), ["payments"], "ENI_SG_RULES_MISMATCH"],
  ["the instances do not admit their balancer", removed("SecurityGroupIngressRule", "app-nlb"), ["payments"], "ENI_SG_RULES_MISMATCH"],
  ["the auto scaling group wants no instances", changed("Group", "service", { desiredCapacity: 0 }), ["payments"], "NO_INSTANCES"],
  ["the auto scaling group is removed", removed("Group", "service"), ["payments"], "TARGET_GROUP_EMPTY"],
  ["instances are in one zone only and zones are not mixed", changed("Group", "service", { vpcZoneIdentifiers: ["subnet-p1"] }), ["payments"], "ELB_NOT_CROSSZONE"],
  ["the second block's interface is in another group", changed("NetworkInterface", "ledger", { securityGroups: ["sg-app"] }), ["ledger"], "ENI_SG_RULES_MISMATCH"],
  ["the health check uses a port that is not admitted", changed("TargetGroup", "cards", { healthCheck: { protocol: "TCP", port: "8444" } }), ["cards"], "ENI_SG_RULES_MISMATCH"],
  ["client addresses are preserved towards a balancer", changed("TargetGroup", "payments", { preserveClientIp: "true" }), ["payments"], "CLIENT_IP_PRESERVATION"],
  ["client addresses are preserved towards a service that admits the nodes only", changed("TargetGroup", "cards", { preserveClientIp: "true" }), ["cards"], "ENI_SG_RULES_MISMATCH"],
  ["a target group belongs to another VPC", changed("TargetGroup", "cards", { vpcId: "vpc-cards" }), ["cards"], "TARGET_GROUP_VPC_MISMATCH"],
  ["the V1 balancer filters PrivateLink traffic", changed("LoadBalancer", "legacy", { securityGroups: ["sg-link"] }), ["legacy"], "ENI_SG_RULES_MISMATCH"],
  ["a subnet of the link and the balancer is removed", removed("Subnet", "subnet-g2"), BEHIND_V2, "SUBNET_UNKNOWN"],
  ["the link is in another VPC than the balancer", changed("VpcLink", "link", { subnetIds: ["subnet-p1"] }), BEHIND_V2, "LINK_VPC_MISMATCH"],
  ["the tree's integration is removed", removed("Integration", "legacy"), ["legacy"], "NO_INTEGRATION"],
  ["the tree's method is removed", removed("Method", "legacy"), ["legacy"], "API_METHOD_NOT_FOUND"],
  ["the tree's stage is removed", removed("Stage", "v1"), ["legacy"], "NO_STAGE"],
  ["a V1 integration names a balancer", changed("Integration", "legacy", { integrationTarget: balancerArn(PAYMENTS, "service") }), ["legacy"], "INTEGRATION_TARGET"],
  ["a V2 integration names no balancer", (s) => changeIntegration(s, "/cards/{id}", { integrationTarget: undefined }), ["cards"], "INTEGRATION_TARGET"],
  ["an integration target is a listener", (s) => changeIntegration(s, "/ledger", { integrationTarget: "arn:aws:elasticloadbalancing:us-east-1:1:listener/net/x/0/0", }), ["ledger"], "LOAD_BALANCER_NOT_FOUND"],
  ["the URI has a port without listener", (s) => changeIntegration(s, "/ledger", { uri: "http://service.internal:8009/" }), ["ledger"], "ELB_LISTENER_NOT_FOUND"],
  ["the URI has no port", (s) => changeIntegration(s, "/ledger", { uri: "http://service.internal/" }), ["ledger"], "ELB_LISTENER_NOT_FOUND"],
  ["the URI is no URL", (s) => changeIntegration(s, "/ledger", { uri: "service:8003" }), ["ledger"], "URI_REFUSED"],
  ["a path variable is not mapped", (s) => changeIntegration(s, "/cards/{id}", { requestParameters: {} }), ["cards"], "PARAMETER_NOT_MAPPED"],
  ["a mapping names a variable that the path lacks", (s) => changeIntegration(s, "/cards/{id}", { requestParameters: { "integration.request.path.id": "method.request.path.key" }, }), ["cards"], "PARAMETER_NOT_DECLARED"],
  ["a time-out is too short", (s) => changeIntegration(s, "/ledger", { timeoutInMillis: 10 }), ["ledger"], "TIMEOUT_REFUSED"],
  ["a method's authorizer does not exist", (s) => changeDocument(s, (body) => Object.assign(body.paths["/ledger"]?.get ?? {}, { security: [{ gone: [] }] })), ["ledger"], "AUTHORIZER_NOT_FOUND"],
  ["a method without authorization meets a policy for one account", (s) => changeDocument(s, (body) => Object.assign(body.paths["/ledger"]?.get ?? {}, { security: [] })), ["ledger"], "NOT_AUTHORIZED"],
];

// prettier-ignore
export const UNDECIDED: Row[] = [
  ["an external subnet's association is removed", removed("RouteTableAssociation", "c1"), ["cards"], "ROUTE_TABLE_UNKNOWN"],
  ["an external route table's routes are not in the file", changed("RouteTable", "rtb-c1", { routes: undefined }), ["cards"], "CANNOT_ROUTE"],
  ["the existing service's security group is removed", removed("SecurityGroup", "sg-cards"), ["cards"], "INTERFACE_UNKNOWN"],
  ["the interface behind an address is removed", removed("NetworkInterface", "ledger"), ["ledger"], "INTERFACE_UNKNOWN"],
  ["an instance group's launch template is removed", removed("LaunchTemplate", "service"), ["payments"], "ENI_SG_RULES_UNKNOWN"],
  ["a route leads to a transit gateway", changed("Route", "rtb-subnet-g1-10.2.0.0/16", { vpcPeeringConnectionId: undefined, transitGatewayId: "tgw-1", }), ["cards"], "NOT_MODELLED"],
  ["the balancer is an ALB", changed("LoadBalancer", "shared", { loadBalancerType: "application" }), BEHIND_V2, "NOT_MODELLED"],
  ["the listener ends TLS", changed("Listener", "cards", { protocol: "TLS" }), ["cards"], "NOT_MODELLED"],
  ["a target group holds an ALB", changed("TargetGroup", "service", { targetType: "alb" }), ["payments"], "NOT_MODELLED"],
  ["an https URI has an address as host", (s) => changeIntegration(s, "/ledger", { uri: "https://10.6.1.5:8003/" }), ["ledger"], "CERTIFICATE_NAME_MISMATCH"],
  ["an integration names a link of no file", (s) => changeIntegration(s, "/ledger", { connectionId: "elsewhere" }), ["ledger"], "VPC_LINK_NOT_FOUND"],
  ["fewer instances are wanted than there are zones", changed("Group", "service", { desiredCapacity: 1, minSize: 1 }), ["payments"], "ELB_NOT_CROSSZONE"],
  ["a route leads to a VPC that is only read", changed("Route", "rtb-subnet-g1-10.6.0.0/16", { vpcPeeringConnectionId: "pcx-cards" }), ["ledger"], "SUBNET_UNKNOWN"],
  ["a network ACL applies to a subnet on the path", (s) => void s[1]?.resources.push({ ...find(s, "Subnet", "subnet-p3"), type: "aws:ec2/networkAcl:NetworkAcl", urn: "urn:acl", id: "acl-1", outputs: { subnetIds: ["subnet-p3"] }, inputs: {}, }), ["ledger"], "NOT_MODELLED"],
];
