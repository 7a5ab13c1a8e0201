/**
 * A token bucket that calls share in one account and region: it holds `capacity` tokens, each call takes one, and
 * `perSecond` come back.
 */
export interface Limit {
  /** Tells buckets apart, and says what is limited. */
  bucket: string;
  capacity: number;
  perSecond: number;
}

type Rate = readonly [capacity: number, perSecond: number];

const ec2Reads: Rate = [100, 20];
const ec2Changes: Rate = [50, 5];

/**
 * Actions of EC2 with rates of their own. The actions of the table of calls that AWS names resource-intensive
 * (`AuthorizeSecurityGroupIngress`, `RevokeSecurityGroupIngress`, and those that create, accept and delete peering
 * connections) have the rate of all others that change something. Reads without filter and page, which have half the
 * rate, do not occur: the provider names the id.
 */
const ec2Own: Readonly<Record<string, Rate>> = {
  CreateLaunchTemplateVersion: [100, 5],
  CreateTags: [100, 10],
  DeleteTags: [100, 10],
};

/**
 * EC2 has one bucket for each action.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
function ec2Limits(action: string): Limit[] {
  const rate = ec2Own[action] ?? (action.startsWith("Describe") ? ec2Reads : ec2Changes);
  return [limit(`ec2:${action}`, rate)];
}

/**
 * Elastic Load Balancing has one bucket for each category of actions, and one for all of them.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
 */
function elbLimits(action: string): Limit[] {
  const all = limit("elasticloadbalancing: all actions", [40, 10]);
  if (action === "CreateLoadBalancer" || action === "SetSubnets")
    return [limit("elasticloadbalancing: resource-intensive actions", [10, 0.2]), all];
  if (action === "RegisterTargets" || action === "DeregisterTargets")
    return [limit("elasticloadbalancing: registration actions", [20, 4]), all];
  if (action.startsWith("Describe")) return [limit("elasticloadbalancing: reading actions", [40, 10]), all];
  return [limit("elasticloadbalancing: changing actions", [20, 3]), all];
}

/** The page says how many requests in which time; it names no burst, so that many may come at once. */
function every(requests: number, seconds: number): Rate {
  return [requests, requests / seconds];
}

const apiGatewayOwn: Readonly<Record<string, Rate>> = {
  "apigateway:CreateDeployment": every(1, 5),
  "apigateway:CreateResource": every(5, 1),
  "apigateway:CreateRestApi": every(1, 3),
  "apigateway:CreateRestApi for edge": every(1, 30),
  "apigateway:DeleteResource": every(5, 1),
  "apigateway:DeleteRestApi": every(1, 30),
  "apigateway:GetResources": every(5, 2),
  "apigateway:PutRestApi": every(1, 1),
  "apigateway:UpdateAccount": every(1, 20),
  "apigatewayv2:CreateVpcLink": every(1, 15),
  "apigatewayv2:DeleteVpcLink": every(1, 30),
};

/**
 * API Gateway limits some actions, and all actions of all API types together. None of this can be raised. The page says
 * of some of these quotas "per account" only; they are taken for each region, as those of the other services are.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
function apiGatewayLimits(call: string): Limit[] {
  const own = apiGatewayOwn[call];
  return [...(own === undefined ? [] : [limit(call, own)]), limit("apigateway: all actions", [40, 10])];
}

/**
 * CloudWatch Logs limits each action; the page names no burst for these.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const logsRates: Readonly<Record<string, Rate>> = {
  AssociateKmsKey: every(5, 1),
  CreateLogGroup: every(10, 1),
  DeleteLogGroup: every(10, 1),
  DescribeLogGroups: every(10, 1),
  ListTagsForResource: every(5, 1),
  PutRetentionPolicy: every(5, 1),
  TagResource: every(5, 1),
};

function limit(bucket: string, [capacity, perSecond]: Rate): Limit {
  return { bucket, capacity, perSecond };
}

/**
 * The buckets from which a call takes a token: the defaults that AWS documents. Empty where it documents none, as for
 * IAM and EC2 Auto Scaling, which throttle, too, but say no figures; such calls are not limited here.
 */
export function limitsOf(call: string): Limit[] {
  const [service = "", action = ""] = call.split(":");
  if (service === "ec2") return ec2Limits(action);
  if (service === "elasticloadbalancing") return elbLimits(action);
  if (service === "apigateway" || service === "apigatewayv2") return apiGatewayLimits(call);
  const rate = service === "logs" ? logsRates[action] : undefined;
  return rate === undefined ? [] : [limit(call, rate)];
}

/** The error with which a service refuses a call that comes too early; the pages above name them. */
export function throttlingCode(call: string): string {
  if (call.startsWith("ec2:")) return "RequestLimitExceeded";
  // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html
  return call.startsWith("apigateway") ? "TooManyRequestsException" : "ThrottlingException";
}
