import { idOf, restApiType } from "./apigateway-facts";
import { balancerTypes, routeTableTypes, securityGroupTypes, subnetTypes, vpcTypes } from "./ec2-facts";
import { listenerTypes, targetGroupTypes } from "./elb-facts";
import { sharedTypes } from "./holding";
import type { Held, World } from "./world";

/** The properties that name what a thing is part of, each with the types that this may be of. */
type Parents = Readonly<Record<string, readonly string[]>>;

const connection: Parents = {
  vpcPeeringConnectionId: ["aws:ec2/vpcPeeringConnection:VpcPeeringConnection"],
};
const group: Parents = { securityGroupId: securityGroupTypes };
const api: Parents = { restApi: [restApiType] };
const apiById: Parents = { restApiId: [restApiType] };
const role: Parents = { role: ["aws:iam/role:Role"] };
const acl = ["aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", "aws:ec2/networkAcl:NetworkAcl"];

/**
 * What AWS deletes together with the thing of which it is part. What AWS refuses to part from, such as the subnets of a VPC,
 * is no matter of this table.
 */
const parents: Record<string, Parents> = {
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": connection,
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": connection,
  "aws:ec2/securityGroupRule:SecurityGroupRule": group,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": group,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": group,
  "aws:ec2/route:Route": { routeTableId: routeTableTypes },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    routeTableId: routeTableTypes,
    subnetId: subnetTypes,
  },
  "aws:ec2/networkAclRule:NetworkAclRule": { networkAclId: acl },
  "aws:ec2/networkAclAssociation:NetworkAclAssociation": { networkAclId: acl, subnetId: subnetTypes },
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": { vpcId: vpcTypes },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": { vpcId: vpcTypes },
  "aws:ec2/defaultRouteTable:DefaultRouteTable": { vpcId: vpcTypes },
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": { vpcId: vpcTypes },
  "aws:lb/listener:Listener": { loadBalancerArn: balancerTypes },
  "aws:lb/listenerRule:ListenerRule": { listenerArn: listenerTypes },
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": { targetGroupArn: targetGroupTypes },
  "aws:apigateway/authorizer:Authorizer": api,
  "aws:apigateway/deployment:Deployment": api,
  "aws:apigateway/integration:Integration": api,
  "aws:apigateway/integrationResponse:IntegrationResponse": api,
  "aws:apigateway/method:Method": api,
  "aws:apigateway/methodResponse:MethodResponse": api,
  "aws:apigateway/methodSettings:MethodSettings": api,
  "aws:apigateway/model:Model": api,
  "aws:apigateway/requestValidator:RequestValidator": api,
  "aws:apigateway/resource:Resource": api,
  "aws:apigateway/response:Response": apiById,
  "aws:apigateway/restApiPolicy:RestApiPolicy": apiById,
  "aws:apigateway/stage:Stage": api,
  "aws:iam/rolePolicy:RolePolicy": role,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": role,
  "aws:cloudwatch/logStream:LogStream": { logGroupName: ["aws:cloudwatch/logGroup:LogGroup"] },
};

/** True when a thing is part of one that does not exist any more. */
function isOrphan(world: World, held: Held, named: Parents): boolean {
  return Object.entries(named).some(([property, types]) => {
    const value = held.outputs[property];
    if (value === undefined) return false;
    const id = idOf(value);
    // The two accounts of a peering connection share it; a role may be named by its ARN.
    const parent = types.some((type) => type.includes("/vpcPeering"))
      ? world.findAnywhere(id, ...types)
      : world.findGlobal(held.account, types === role.role ? (id.split("/").pop() ?? id) : id, ...types);
    return parent === undefined;
  });
}

/** Takes away what AWS deletes together with what has just been deleted. */
export function dropOrphans(world: World): void {
  for (let found = true; found;) {
    const orphans = Object.entries(parents).flatMap(([type, named]) =>
      world.all(...sharedTypes(type)).filter((held) => isOrphan(world, held, named)),
    );
    for (const held of orphans) world.drop(held);
    found = orphans.length > 0;
  }
}
