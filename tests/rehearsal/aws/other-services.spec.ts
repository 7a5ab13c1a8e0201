import assert from "node:assert/strict";
import { gateway, provider, refused, region } from "./bench";
import { SimulatedAws } from "../../../rehearsal/aws/simulated-aws";

type Inputs = Record<string, unknown>;

function service(): {
  put: (type: string, name: string, inputs: Inputs, account?: string) => Inputs & { id: string };
} {
  const aws = new SimulatedAws();
  return {
    put: (type, name, inputs, account = gateway) => {
      const urn = `urn:pulumi:${account}::p::${type}::${name}`;
      const { id, outputs } = aws.put({ urn, type, name, account, region, inputs });
      return { ...outputs, id };
    },
  };
}

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const allow = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});

describe("simulated IAM", () => {
  it("gives a role its name as id and an ARN without region", () => {
    const role = service().put("aws:iam/role:Role", "app", { assumeRolePolicy: trust });
    assert.match(role.id, /^app-[0-9a-f]{7}$/);
    assert.equal(role.arn, `arn:aws:iam::${gateway}:role/${role.id}`);
    assert.equal(role.region, undefined);
  });

  it("refuses malformed documents, names that are too long and names twice", () => {
    const { put } = service();
    const role = "aws:iam/role:Role";
    refused("MalformedPolicyDocument", () => put(role, "app", { assumeRolePolicy: "{" }));
    refused("MalformedPolicyDocument", () => put(role, "app", { assumeRolePolicy: allow }));
    refused("ValidationError", () => put(role, "app", { assumeRolePolicy: trust, name: "n".repeat(65) }));
    refused("InvalidName", () => put(role, "n".repeat(57), { assumeRolePolicy: trust }));
    put(role, "a", { assumeRolePolicy: trust, name: "same" });
    refused("EntityAlreadyExists", () => put(role, "b", { assumeRolePolicy: trust, name: "same" }));
    put(role, "b", { assumeRolePolicy: trust, name: "same" }, provider);
    refused("MissingParameter", () => put(role, "c", {}));
  });

  it("refuses policies and profiles of roles that the account does not have", () => {
    const { put } = service();
    const role = put("aws:iam/role:Role", "app", { assumeRolePolicy: trust }).id;
    put("aws:iam/rolePolicy:RolePolicy", "p", { role, policy: allow });
    refused("NoSuchEntity", () => put("aws:iam/rolePolicy:RolePolicy", "q", { role: "none", policy: allow }));
    refused("NoSuchEntity", () => put("aws:iam/instanceProfile:InstanceProfile", "i", { role }, provider));
    const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    put(attachment, "a", { role, policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
    refused("NoSuchEntity", () =>
      put(attachment, "b", { role, policyArn: `arn:aws:iam::${gateway}:policy/none` }),
    );
  });
});

describe("simulated logs, parameters, functions and keys", () => {
  it("refuses a log group's retention that CloudWatch does not offer, and a name twice", () => {
    const { put } = service();
    const type = "aws:cloudwatch/logGroup:LogGroup";
    refused("InvalidParameterException", () => put(type, "g", { retentionInDays: 2 }));
    const group = put(type, "g", { name: "/api", retentionInDays: 30 });
    assert.equal(group.arn, `arn:aws:logs:${region}:${gateway}:log-group:/api`);
    refused("ResourceAlreadyExistsException", () => put(type, "h", { name: "/api" }));
  });

  it("gives a function its invocation ARN and a permission only for a function that exists", () => {
    const { put } = service();
    const role = `arn:aws:iam::${gateway}:role/app`;
    const made = put("aws:lambda/function:Function", "f", { role, name: "check" });
    const arn = `arn:aws:lambda:${region}:${gateway}:function:check`;
    assert.equal(made.arn, arn);
    assert.equal(
      made.invokeArn,
      `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
    );
    const permission = { action: "lambda:InvokeFunction", principal: "apigateway.amazonaws.com" };
    put("aws:lambda/permission:Permission", "p", { ...permission, function: "check" });
    refused("ResourceNotFoundException", () =>
      put("aws:lambda/permission:Permission", "q", { ...permission, function: "none" }),
    );
    refused("ValidationException", () => put("aws:lambda/function:Function", "g", { role: "app" }));
  });

  it("refuses a parameter of an unknown type or in AWS's name space, and a key's window of 5 days", () => {
    const { put } = service();
    refused("ValidationException", () =>
      put("aws:ssm/parameter:Parameter", "p", { type: "Number", value: "1" }),
    );
    refused("ValidationException", () =>
      put("aws:ssm/parameter:Parameter", "p", { type: "String", name: "/aws/x", value: "1" }),
    );
    refused("ValidationException", () => put("aws:kms/key:Key", "k", { deletionWindowInDays: 5 }));
    assert.match(put("aws:kms/key:Key", "k", {}).id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});
