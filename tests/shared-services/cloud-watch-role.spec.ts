import assert from "node:assert/strict";
import { CloudWatchRole } from "../../shared-services/cloud-watch-role";
import { succeed, type Values } from "../support/mocks";
import { find, inputs, label, listOf } from "../support/questions";

describe("CloudWatchRole", () => {
  it("sets the account's role only after the role may write", async () => {
    const result = await succeed(() => {
      new CloudWatchRole("log", { partition: "aws-cn" });
      return {};
    });
    assert.deepEqual(listOf(result), [
      "CloudWatchRole log",
      "apigateway.Account log-account",
      "iam.Role log-role",
      "iam.RolePolicyAttachment log-policy",
    ]);
    assert.deepEqual(inputs(result, "iam.RolePolicyAttachment log-policy"), {
      role: "log-role-1234567",
      policyArn: "arn:aws-cn:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    });
    const account = find(result, "apigateway.Account log-account");
    assert.deepEqual(account.inputs, { cloudwatchRoleArn: "log-role-arn" });
    assert.ok(account.dependencies.map(label).includes("iam.RolePolicyAttachment log-policy"));
    const trust = JSON.parse(String(find(result, "iam.Role log-role").inputs.assumeRolePolicy)) as Values;
    assert.deepEqual(trust.Statement, [
      { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
  });
});
