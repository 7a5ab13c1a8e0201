import assert from "node:assert/strict";
import { planApi } from "../../../components/openapi/plan-api";
import { openPaths, partitionOf, resourcePolicy } from "../../../components/openapi/resource-policy";
import { target } from "./fixtures";

const base = { ownAccount: "111111111111", region: "us-east-1", openPaths: [] as string[] };

describe("the resource policy", () => {
  it("allows the API's own account when no callers are named", () => {
    assert.deepEqual(resourcePolicy({ ...base, callers: [] }), {
      problems: [],
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Callers",
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::111111111111:root" },
            Action: "execute-api:Invoke",
            Resource: "arn:aws:execute-api:us-east-1:111111111111:*/*",
          },
        ],
      },
    });
  });

  it("allows accounts, roles and organisations, each once and in a fixed order", () => {
    const role = "arn:aws:iam::333333333333:role/apps/caller";
    const callers = [role, "222222222222", "o-abcdefghij", "222222222222"];
    const { policy, problems } = resourcePolicy({ ...base, callers });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      policy.Statement.map(({ Sid, Principal, Condition }) => ({ Sid, Principal, Condition })),
      [
        {
          Sid: "Callers",
          Principal: { AWS: ["arn:aws:iam::222222222222:root", role] },
          Condition: undefined,
        },
        {
          Sid: "Organisations",
          Principal: "*",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } },
        },
      ],
    );
    assert.deepEqual(resourcePolicy({ ...base, callers: [...callers].reverse() }).policy, policy);
  });

  it("leaves the own account out when only an organisation may call", () => {
    assert.deepEqual(
      resourcePolicy({ ...base, callers: ["o-abcdefghij"] }).policy.Statement.map(({ Sid }) => Sid),
      ["Organisations"],
    );
  });

  it("opens exactly the base paths of NONE and Cognito, for requests without an IAM identity", () => {
    const pool = "arn:aws:cognito-idp:us-east-1:111111111111:userpool/us-east-1_a";
    const { plan } = planApi([
      target("iam"),
      target("public", { authorizer: "NONE" }),
      target("users", { authorizer: pool }),
      target("guarded", { authorizer: "arn:aws:lambda:us-east-1:111111111111:function:check" }),
    ]);
    assert.deepEqual(openPaths(plan), ["/public", "/users"]);
    assert.deepEqual(
      resourcePolicy({ ...base, callers: [], openPaths: openPaths(plan) }).policy.Statement[1],
      {
        Sid: "WithoutIamIdentity",
        Effect: "Allow",
        Principal: "*",
        Action: "execute-api:Invoke",
        Resource: [
          "arn:aws:execute-api:us-east-1:111111111111:*/*/*/public",
          "arn:aws:execute-api:us-east-1:111111111111:*/*/*/public/*",
          "arn:aws:execute-api:us-east-1:111111111111:*/*/*/users",
          "arn:aws:execute-api:us-east-1:111111111111:*/*/*/users/*",
        ],
        Condition: { Null: { "aws:PrincipalArn": "true" } },
      },
    );
  });

  for (const caller of [
    "*",
    "11111111111",
    "1111111111111",
    "o-short",
    "o-ABCDEFGHIJ",
    "arn:aws:iam::111111111111:role/*",
    "arn:aws:iam::111111111111:role/a*/b",
    "arn:aws:iam::*:role/a",
    "arn:aws:iam::111111111111:user/a",
    "arn:aws:sts::111111111111:assumed-role/a/b",
    "",
  ]) {
    it(`refuses the caller ${JSON.stringify(caller)}`, () => {
      const { problems } = resourcePolicy({ ...base, callers: [caller] });
      assert.deepEqual(
        problems.map(({ where, value }) => [where, value]),
        [["callers", JSON.stringify(caller)]],
      );
    });
  }

  it("accepts 8,192 characters and refuses one more", () => {
    const role = (length: number) => `arn:aws:iam::222222222222:role/${"p".repeat(length)}/${"r".repeat(64)}`;
    const length = (size: number) =>
      JSON.stringify(resourcePolicy({ ...base, callers: [role(size)] }).policy).length;
    const fitting = 8_192 - length(1) + 1;
    assert.equal(length(fitting), 8_192);
    assert.deepEqual(resourcePolicy({ ...base, callers: [role(fitting)] }).problems, []);
    const { problems } = resourcePolicy({ ...base, callers: [role(fitting + 1)] });
    assert.deepEqual(
      problems.map(({ value }) => value),
      ["8193 characters"],
    );
  });

  it("knows the partition of a region", () => {
    assert.deepEqual(["eu-west-1", "cn-north-1", "us-gov-west-1"].map(partitionOf), [
      "aws",
      "aws-cn",
      "aws-us-gov",
    ]);
    const { policy } = resourcePolicy({ ...base, region: "cn-north-1", callers: [] });
    assert.equal(policy.Statement[0]?.Resource, "arn:aws-cn:execute-api:cn-north-1:111111111111:*/*");
  });
});
