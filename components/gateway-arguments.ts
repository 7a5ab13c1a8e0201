import { isAccountId, isRegion } from "../common/forms";
import { type Problem } from "../common/problems";
import { type CentralGatewayArgs } from "./central-gateway";
import { type ApiPlan } from "./openapi/api-plan";
import { planApi } from "./openapi/plan-api";
import { openPaths, type PolicyDocument, resourcePolicy } from "./openapi/resource-policy";

/**
 * Days for which CloudWatch keeps logs; it takes no others.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The plan and the policy of the API that the arguments describe, and all that is wrong with them. */
export function planGatewayApi(args: CentralGatewayArgs): {
  plan: ApiPlan;
  policy: PolicyDocument;
  problems: Problem[];
} {
  const problems = settingProblems(args);
  if (args.routes.length === 0) {
    problems.push({
      where: "routes",
      what: "is empty, and AWS deploys no API without methods",
      allowed: "at least one target",
      change: "create the gateway once there is a target",
    });
  }
  const api = planApi(
    args.routes.map(
      ({ target, authorizer = "AWS_IAM", timeoutMilliseconds = 29_000, pathPrefix, document }) => ({
        name: target.targetName,
        basePath: target.basePath,
        authorizer,
        timeoutMilliseconds,
        ...(pathPrefix === undefined ? {} : { pathPrefix }),
        ...(document === undefined ? {} : { document }),
      }),
    ),
  );
  const { accounts = [], organization, roles = [] } = args.callers ?? {};
  const policy = resourcePolicy({
    callers: [...accounts, ...(organization === undefined ? [] : [organization]), ...roles],
    ownAccount: args.account,
    region: args.region,
    openPaths: openPaths(api.plan),
  });
  return {
    plan: api.plan,
    policy: policy.policy,
    problems: [...problems, ...api.problems, ...policy.problems],
  };
}

/**
 * What is wrong with the settings that AWS checks only when the targets are there already.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-stages.html
 */
function settingProblems({
  account,
  region,
  stageName = "live",
  throttling: { rateLimit = 1, burstLimit = 1 } = {},
  logRetentionDays = 90,
}: CentralGatewayArgs): Problem[] {
  const checks: [wrong: boolean, problem: Omit<Problem, "change">][] = [
    [
      !isAccountId(account),
      { where: "account", what: "is not an AWS account id", value: account, allowed: "exactly 12 digits" },
    ],
    [
      !isRegion(region),
      {
        where: "region",
        what: "is not an AWS region",
        value: region,
        allowed: "a region such as us-east-1",
      },
    ],
    [
      !/^[A-Za-z0-9_-]{1,128}$/.test(stageName),
      {
        where: "stageName",
        what: "is not a stage name",
        value: stageName,
        allowed: "1 to 128 letters, digits, '_' and '-'",
      },
    ],
    [
      !Number.isFinite(rateLimit) || rateLimit <= 0,
      {
        where: "throttling.rateLimit",
        what: "is no rate",
        value: String(rateLimit),
        allowed: "a number above 0",
      },
    ],
    [
      !Number.isInteger(burstLimit) || burstLimit < 1,
      {
        where: "throttling.burstLimit",
        what: "is no burst",
        value: String(burstLimit),
        allowed: "a whole number from 1",
      },
    ],
    [
      !retentionDays.includes(logRetentionDays),
      {
        where: "logRetentionDays",
        what: "is not a time for which CloudWatch keeps logs",
        value: String(logRetentionDays),
        allowed: retentionDays.join(", "),
      },
    ],
  ];
  return checks.flatMap(([wrong, problem]) =>
    wrong ? [{ ...problem, change: `give another ${problem.where}` }] : [],
  );
}
