import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import { checkSecurityGroups, mustHaveSubnet } from "./ec2-facts";
import { number, object, text, texts } from "./properties";

const logGroupType = "aws:cloudwatch/logGroup:LogGroup";
const functionType = "aws:lambda/function:Function";
const keyType = "aws:kms/key:Key";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  ...[
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
    3653,
  ],
];

function taken(s: Situation, type: string, name: string): boolean {
  return s.others(type).some((held) => held.id === name);
}

function uuid(s: Situation): string {
  const hex = s.token(32, "hex", "uuid");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** CloudWatch logs, SSM parameters, Lambda functions and permissions, KMS keys. */
export const otherBehaviours: Behaviours = {
  [logGroupType]: {
    autoName: { property: "name", maxLength: 512 },
    replaceOn: ["name", "namePrefix", "logGroupClass"],
    id: (s) => s.physicalName(),
    defaults: () => ({ retentionInDays: 0, skipDestroy: false, logGroupClass: "STANDARD" }),
    computed: (s, id) => ({ arn: s.arn("logs", `log-group:${id}`), tagsAll: object(s.inputs.tags) }),
    check: (s) => {
      const name = s.physicalName();
      refuse(
        name.length > 512 || !/^[\w\-/.#]+$/.test(name),
        "InvalidParameterException",
        `Invalid log group name '${name}'`,
      );
      refuse(
        taken(s, logGroupType, name),
        "ResourceAlreadyExistsException",
        `The specified log group already exists: ${name}`,
      );
      const days = number(s.inputs.retentionInDays) ?? 0;
      refuse(
        !retentions.includes(days),
        "InvalidParameterException",
        `expected retentionInDays to be one of ${retentions.join(", ")}, got ${days}`,
      );
    },
    notFound: (id) =>
      new AwsError("ResourceNotFoundException", `The specified log group does not exist: ${id}`),
  },
  "aws:cloudwatch/logStream:LogStream": {
    required: ["logGroupName"],
    autoName: { property: "name", maxLength: 512 },
    replaceOn: ["name", "logGroupName"],
    id: (s) => s.physicalName(),
    computed: (s, id) => ({
      arn: s.arn("logs", `log-group:${String(s.inputs.logGroupName)}:log-stream:${id}`),
    }),
    check: (s) => {
      refuse(
        s.find(text(s.inputs.logGroupName), logGroupType) === undefined,
        "ResourceNotFoundException",
        `The specified log group does not exist: ${String(s.inputs.logGroupName)}`,
      );
    },
  },
  "aws:ssm/parameter:Parameter": {
    required: ["type"],
    autoName: { property: "name", maxLength: 2048 },
    replaceOn: ["name"],
    id: (s) => s.physicalName(),
    defaults: () => ({ tier: "Standard", dataType: "text" }),
    computed: (s, id) => ({
      arn: s.arn("ssm", `parameter/${id.replace(/^\//, "")}`),
      version: (number(s.previous?.outputs.version) ?? 0) + 1,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      const type = String(s.inputs.type);
      refuse(
        !["String", "StringList", "SecureString"].includes(type),
        "ValidationException",
        `Invalid parameter type ${type}`,
      );
      const name = s.physicalName();
      refuse(
        !/^[\w.\-/]+$/.test(name) || /^\/?(aws|ssm)/i.test(name),
        "ValidationException",
        `Invalid parameter name ${name}`,
      );
      refuse(
        taken(s, "aws:ssm/parameter:Parameter", name),
        "ParameterAlreadyExists",
        `The parameter already exists: ${name}`,
      );
    },
    notFound: (id) => new AwsError("ParameterNotFound", `parameter ${id} not found`),
  },
  [functionType]: {
    required: ["role"],
    autoName: { property: "name", maxLength: 64 },
    replaceOn: ["name", "packageType"],
    id: (s) => s.physicalName(),
    defaults: () => ({
      ...{ memorySize: 128, timeout: 3, packageType: "Zip", architectures: ["x86_64"], publish: false },
      ...{ reservedConcurrentExecutions: -1, skipDestroy: false, ephemeralStorage: { size: 512 } },
      tracingConfig: { mode: "PassThrough" },
    }),
    computed: (s, id) => {
      const arn = s.arn("lambda", `function:${id}`);
      const invoke = `arn:${s.partition}:apigateway:${s.region}:lambda:path/2015-03-31/functions/${arn}`;
      return {
        arn,
        invokeArn: `${invoke}/invocations`,
        qualifiedArn: `${arn}:$LATEST`,
        qualifiedInvokeArn: `${invoke}:$LATEST/invocations`,
        version: "$LATEST",
        lastModified: "2026-01-01T00:00:00.000+0000",
        tagsAll: object(s.inputs.tags),
      };
    },
    check: (s) => {
      const role = String(s.inputs.role);
      refuse(
        !/^arn:[^:]+:iam::\d{12}:role\//.test(role),
        "ValidationException",
        `Value '${role}' at 'role' is not a role ARN`,
      );
      const name = s.physicalName();
      refuse(
        name.length > 64 || !/^[\w-]+$/.test(name),
        "ValidationException",
        `Value '${name}' at 'functionName' is invalid`,
      );
      refuse(taken(s, functionType, name), "ResourceConflictException", `Function already exist: ${name}`);
      const seconds = number(s.inputs.timeout) ?? 3;
      refuse(
        seconds < 1 || seconds > 900,
        "ValidationException",
        `timeout is 1 to 900 seconds, got ${seconds}`,
      );
      const vpc = object(s.inputs.vpcConfig);
      const subnets = texts(vpc.subnetIds).map((id) => mustHaveSubnet(s, id));
      if (subnets[0] !== undefined)
        checkSecurityGroups(s, texts(vpc.securityGroupIds), subnets[0].outputs.vpcId);
    },
    notFound: (id) => new AwsError("ResourceNotFoundException", `Function not found: ${id}`),
  },
  "aws:lambda/permission:Permission": {
    required: ["action", "function", "principal"],
    replaceOn: [
      ...["action", "function", "principal", "principalOrgId", "qualifier", "sourceAccount", "sourceArn"],
      ...["statementId", "eventSourceToken", "functionUrlAuthType"],
    ],
    id: (s) =>
      text(s.inputs.statementId) ?? text(s.previous?.outputs.statementId) ?? `${s.logicalName}-${s.token(7)}`,
    computed: (s, id) => ({
      statementId: s.previous === undefined ? id : (text(s.inputs.statementId) ?? id),
    }),
    check: (s) => {
      const given = String(object(s.inputs.function).name ?? s.inputs.function);
      const name = given.startsWith("arn:") ? (given.split(":")[6] ?? given) : given;
      must(s.find(name, functionType), "ResourceNotFoundException", `Function not found: ${given}`);
    },
  },
  [keyType]: {
    replaceOn: ["customerMasterKeySpec", "keyUsage", "multiRegion"],
    id: uuid,
    defaults: () => ({
      ...{ customerMasterKeySpec: "SYMMETRIC_DEFAULT", keyUsage: "ENCRYPT_DECRYPT", isEnabled: true },
      ...{ enableKeyRotation: false, multiRegion: false, description: "" },
    }),
    computed: (s, id) => ({ arn: s.arn("kms", `key/${id}`), keyId: id, tagsAll: object(s.inputs.tags) }),
    check: (s) => {
      const days = number(s.inputs.deletionWindowInDays) ?? 30;
      refuse(days < 7 || days > 30, "ValidationException", `deletionWindowInDays is 7 to 30, got ${days}`);
    },
    notFound: (id) => new AwsError("NotFoundException", `Key '${id}' does not exist`),
  },
};
