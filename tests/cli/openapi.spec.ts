import assert from "node:assert/strict";
import { openApiCommand } from "../../cli/openapi";
import { WrongInput } from "../../cli/outcome";
import { BankCopy } from "../bank/bank-copy";

describe("the document for readers", () => {
  let bank: BankCopy;
  beforeEach(() => {
    bank = new BankCopy();
  });
  afterEach(() => bank.remove());

  it("has every target's paths below its base path, descriptions included, and no integration", async () => {
    const document = await openApiCommand({ landscape: bank.landscape });
    const paths = Object.keys(document.paths ?? {});
    assert.ok(paths.includes("/payments/transfers/{id}"));
    for (const base of ["/accounts", "/card-limits", "/cards", "/investments", "/refunds"])
      assert.deepEqual(
        paths.filter((path) => path.split("/")[1] === base.slice(1)),
        [base, `${base}/{proxy}`],
      );
    const text = JSON.stringify(document);
    assert.match(text, /Single payments, at once or on a later day/);
    assert.doesNotMatch(text, /x-amazon-apigateway|VPC_LINK/);
    assert.deepEqual(document.info, { title: "bank", version: "1.0.0" });
  });

  it("is refused for a landscape with mistakes, with all of them", async () => {
    bank.set("accounts", "services.accounts.port", 0).set("cards", "services.cards.port", 70000);
    await assert.rejects(openApiCommand({ landscape: bank.landscape }), (error: WrongInput) => {
      assert.ok(error instanceof WrongInput);
      assert.equal(error.problems.length, 2);
      return true;
    });
    await assert.rejects(openApiCommand({ landscape: bank.path("nowhere.yaml") }), WrongInput);
  });
});
