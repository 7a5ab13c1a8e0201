import { AwsError } from "./aws-error";
import { partitionOf, token } from "./behaviour";
import { one, type Sources } from "./data-source";
import type { Properties } from "./properties";
import type { Place, World } from "./world";

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html */
function parameter(world: World, args: Properties, place: Place): Properties {
  const name = String(args.name);
  const own = world.find(place, name, "aws:ssm/parameter:Parameter");
  if (own !== undefined) return { ...own.outputs, id: own.id, withDecryption: args.withDecryption ?? true };
  if (
    !/^\/aws\/service\/(ami-amazon-linux-latest|bottlerocket|ecs|eks|canonical|debian|ami-windows-latest|ami-macos-latest)\//.test(
      name,
    )
  )
    throw new AwsError("ParameterNotFound", `reading SSM Parameter (${name}): couldn't find resource`);
  const value = `ami-0${token(`${name}@${place.region}`, 16, "hex")}`;
  const arn = `arn:${partitionOf(place.region)}:ssm:${place.region}::parameter${name}`;
  const sort = { type: "String", version: 1 };
  return {
    id: name,
    name,
    value,
    insecureValue: value,
    arn,
    ...sort,
    withDecryption: args.withDecryption ?? true,
  };
}

/** Data sources of the other services. */
export const otherSources: Sources = {
  "aws:ssm/getParameter:getParameter": parameter,
  "aws:cloudwatch/getLogGroup:getLogGroup": one("aws:cloudwatch/logGroup:LogGroup", ["name"]),
  "aws:apigateway/getRestApi:getRestApi": one("aws:apigateway/restApi:RestApi", [], ["name"]),
  "aws:apigateway/getVpcLink:getVpcLink": one("aws:apigateway/vpcLink:VpcLink", [], ["name"]),
  "aws:lb/getListener:getListener": one("aws:lb/listener:Listener", ["arn"], ["loadBalancerArn", "port"]),
  "aws:lb/getLoadBalancer:getLoadBalancer": one("aws:lb/loadBalancer:LoadBalancer", ["arn"], ["name"]),
  "aws:lb/getTargetGroup:getTargetGroup": one("aws:lb/targetGroup:TargetGroup", ["arn"], ["name"]),
};
