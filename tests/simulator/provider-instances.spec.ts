import assert from "node:assert/strict";
import { Cloud } from "../../simulator/cloud";
import { configureInstance } from "../../simulator/provider-instances";
import { type Endpoint, serveProviders } from "../../simulator/server";
import { gateway, provider, region, types } from "../rehearsal/aws/bench";
import { ProviderClient } from "./provider-client";

const role = `arn:aws:iam::${provider}:role/deploy`;
const allowed = (...accounts: unknown[]) => ({ region, allowedAccountIds: JSON.stringify(accounts) });

describe("a configured provider", () => {
  it("acts as the one account that it may work in, when there are credentials for all", () => {
    const instance = { account: gateway, region };
    assert.deepEqual(configureInstance(allowed(gateway), undefined), instance);
    assert.deepEqual(configureInstance(allowed(Number(gateway)), undefined), instance);
    assert.deepEqual(configureInstance({ region, allowedAccountIds: [gateway] }, undefined), instance);
  });

  it("refuses to guess when several accounts, or none, are named", () => {
    for (const configuration of [allowed(gateway, provider), { region }])
      assert.match(
        configureInstance(configuration, undefined).refusal ?? "",
        /cannot tell which one is meant/,
      );
  });

  it("acts as the account of the last role that it assumes", () => {
    const assumeRoles = JSON.stringify([{ roleArn: `arn:aws:iam::${gateway}:role/hop` }, { roleArn: role }]);
    assert.equal(configureInstance({ region, assumeRoles }, gateway).account, provider);
    assert.equal(
      configureInstance({ region, assumeRole: JSON.stringify({ roleArn: role }) }, undefined).account,
      provider,
    );
    assert.match(
      configureInstance({ ...allowed(gateway), assumeRoles }, gateway).refusal ?? "",
      /not allowed/,
    );
  });

  it("refuses credentials of an account that it may not work in, and a stack without a region", () => {
    const refusal = `AWS account ID not allowed: ${provider}`;
    assert.equal(configureInstance(allowed(gateway), provider).refusal, refusal);
    const forbidden = { region, forbiddenAccountIds: JSON.stringify([provider]) };
    assert.equal(configureInstance(forbidden, provider).refusal, refusal);
    assert.equal(configureInstance({ region }, provider).refusal, undefined);
    assert.match(configureInstance({}, provider).refusal ?? "", /Missing region/);
  });
});

describe("several providers at one port", () => {
  let cloud: Cloud;
  let endpoints: Endpoint[];
  let clients: ProviderClient[];

  beforeEach(async () => {
    cloud = new Cloud();
    endpoints = [await serveProviders(cloud), await serveProviders(cloud, provider)];
    clients = [];
  });
  afterEach(() => {
    for (const each of [...clients, ...endpoints]) each.close();
  });

  function connect(index = 0): ProviderClient {
    const client = new ProviderClient(endpoints[index]?.port ?? 0);
    clients.push(client);
    return client;
  }

  it("act each as its own account and region", async () => {
    const [one, other, far] = await Promise.all([
      connect().of(gateway),
      connect().of(provider),
      connect().of(gateway, { region: "eu-west-1" }),
    ]);
    const inputs = { cidrBlock: "10.0.0.0/16" };
    await Promise.all([one, other, far].map((each, index) => each?.create("vpc", `net${index}`, inputs)));
    const places = cloud.world.all(types.vpc).map((held) => `${held.account} ${held.region}`);
    assert.deepEqual(
      places.sort(),
      [`${gateway} eu-west-1`, `${gateway} ${region}`, `${provider} ${region}`].sort(),
    );
  });

  it("change nothing with the credentials of an account that is not allowed", async () => {
    const wrong = await connect(1).of(gateway);
    const words = new RegExp(`AWS account ID not allowed: ${provider}`);
    await assert.rejects(wrong.check("vpc", "net", { cidrBlock: "10.0.0.0/16" }), words);
    await assert.rejects(wrong.create("vpc", "net", { cidrBlock: "10.0.0.0/16" }), words);
    assert.equal(cloud.calls.length, 0);
    const right = await connect(1).of(provider);
    await right.create("vpc", "net", { cidrBlock: "10.0.0.0/16" });
    assert.equal(cloud.world.all(types.vpc)[0]?.account, provider);
  });

  it("do nothing before they are configured", async () => {
    await assert.rejects(connect().create("vpc", "net", {}), /the provider is not configured/);
  });
});
