import * as path from "node:path";
import { type OpenApiDocument } from "../components/openapi/openapi-document";
import { readerDocument } from "../components/openapi/reader-document";
import { checkLandscape } from "../landscape/check-landscape";
import { readLandscape } from "../landscape/landscape";
import { WrongInput } from "./outcome";
import { defaultLandscape } from "./rehearse";

/**
 * The API's merged document for readers, with everything that the providers' documents say and the gateway's own paths
 * and security. Throws `WrongInput` with every problem of the landscape.
 */
export async function openApiCommand(options: { landscape?: string }): Promise<OpenApiDocument> {
  const { landscape, problems } = await readLandscape(path.resolve(options.landscape ?? defaultLandscape));
  if (landscape === undefined) throw new WrongInput("The landscape has mistakes", problems);
  const checked = await checkLandscape(landscape);
  problems.push(...checked.problems);
  if (problems.length > 0 || checked.plan === undefined)
    throw new WrongInput("The landscape has mistakes", problems);
  return readerDocument(checked.plan.api, { title: landscape.name, version: "1.0.0" });
}
