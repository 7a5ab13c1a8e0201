/** The parts of the deployed API document that the tests change. */
export interface ApiDocument {
  paths: Record<string, Record<string, { "x-amazon-apigateway-integration"?: Record<string, unknown> }>>;
}
