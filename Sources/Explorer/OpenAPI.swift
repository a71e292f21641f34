import DashboardAccounts
import DashboardRouting
import DashboardSettings
import DashboardWireFormat

/// The machine-readable description of the API (OpenAPI Specification 3.1.0).
enum OpenAPI {
  /// - Parameter context: only the lengths that the app allows and the cookie's name count.
  static func bytes(_ endpoints: [AnyEndpoint], _ context: PageContext) -> [UInt8] {
    JSONWriter.bytes(document(endpoints, context))
  }

  private static func document(_ endpoints: [AnyEndpoint], _ context: PageContext) -> JSONTree {
    let objects = objects(endpoints)
    let fields = Dictionary(objects.flatMap(\.fields).map { ($0.name, $0.schema) }) { first, _ in first }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Dashboard API",
        "version": "\(Version.text)",
        "description": "Accounts and sessions over HTTP. A body can also be multipart/form-data.",
      ],
      "servers": [["url": "/"]],
      "paths": paths(endpoints, fields, context.app),
      "components": [
        "schemas": .object(objects.map { ($0.name, object($0.fields)) }),
        "responses": .object(Responses.components),
        "securitySchemes": [
          "cookie": ["type": "apiKey", "in": "cookie", "name": .text(context.cookieName)],
          "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "SESSIONID.TOKEN"],
        ],
      ],
    ]
  }

  private static func paths(
    _ endpoints: [AnyEndpoint], _ fields: [String: JSONSchema], _ app: AppConfiguration
  ) -> JSONTree {
    var paths: [(name: String, value: JSONTree)] = []
    for endpoint in endpoints {
      let declaration = endpoint.declaration
      let item = JSONTree.object([(declaration.verb.rawValue.lowercased(), operation(endpoint, fields, app))])
      if let index = paths.firstIndex(where: { $0.name == declaration.route }) {
        paths[index].value = paths[index].value + item
      } else {
        paths.append((declaration.route, item))
      }
    }
    return .object(paths)
  }

  private static func operation(
    _ endpoint: AnyEndpoint, _ fields: [String: JSONSchema], _ app: AppConfiguration
  ) -> JSONTree {
    let declaration = endpoint.declaration
    var operation: JSONTree = [
      "operationId": .text(endpoint.name.split(separator: ".").joined()),
      "summary": .text(declaration.summary),
      "externalDocs": ["url": .text(Path.explorer(declaration.route))],
      "security": declaration.access == .open
        ? [] : [["cookie": []], ["bearer": []]],
    ]
    let query = declaration.parameters.filter { $0.source == .querystring }
    if !query.isEmpty {
      operation = operation + ["parameters": .array(query.map { parameter($0, fields[$0.name], app) })]
    }
    let posted = declaration.parameters.filter { $0.source == .posted }
    if !posted.isEmpty { operation = operation + ["requestBody": body(posted, app)] }
    return operation + ["responses": .object(Responses.all(of: endpoint))]
  }

  /// - Parameter field: the schema of the returned field with the same name; `nil` if there is none. An
  ///   identifier has one schema everywhere.
  private static func parameter(
    _ parameter: Declaration.Parameter, _ field: JSONSchema?, _ app: AppConfiguration
  ) -> JSONTree {
    [
      "name": .text(parameter.name), "in": "query", "required": .boolean(parameter.isRequired),
      "description": .text(parameter.value), "schema": field.map(tree) ?? text(parameter, app),
    ]
  }

  private static func body(_ fields: [Declaration.Parameter], _ app: AppConfiguration) -> JSONTree {
    let required = fields.filter(\.isRequired).map { JSONTree.text($0.name) }
    let schema: JSONTree = [
      "type": "object",
      "properties": .object(
        fields.map { ($0.name, text($0, app) + ["description": .text($0.value)]) }),
      "required": .array(required),
    ]
    return [
      "required": .boolean(!required.isEmpty),
      // The code of some generators of clients does not run if there are several content types.
      "content": ["application/x-www-form-urlencoded": ["schema": schema]],
    ]
  }

  /// A required field must not be empty, because an empty field counts as missing.
  private static func text(_ parameter: Declaration.Parameter, _ app: AppConfiguration) -> JSONTree {
    let text: JSONTree = ["type": "string"]
    guard let length = parameter.length?(app) else {
      return parameter.isRequired ? text + ["minLength": 1] : text
    }
    let least = text + ["minLength": .number(length.lowerBound)]
    return length.upperBound == .max ? least : least + ["maxLength": .number(length.upperBound)]
  }
}

extension OpenAPI {
  /// The objects of the API, by kind.
  private static func objects(_ endpoints: [AnyEndpoint]) -> [(name: String, fields: [JSONSchema.Field])] {
    var objects: [(name: String, fields: [JSONSchema.Field])] = []
    func add(_ schema: JSONSchema, _ fields: @autoclosure () -> [JSONSchema.Field]) {
      switch schema {
      case .array(let element): add(element, fields())
      case .object(let name) where !objects.contains { $0.name == name }: objects.append((name, fields()))
      default: break
      }
    }
    for endpoint in endpoints { add(endpoint.schema, endpoint.fields) }
    add(Exception.schema, JSONWriter.fields(of: Exception.invalidRequest))
    add(AccessRefusal.schema, JSONWriter.fields(of: AccessRefusal.signInRequired))
    return objects
  }

  private static func object(_ fields: [JSONSchema.Field]) -> JSONTree {
    [
      "type": "object",
      "properties": .object(fields.map { ($0.name, tree($0.schema)) }),
      "required": .array(fields.filter(\.isRequired).map { .text($0.name) }),
    ]
  }

  static func tree(_ schema: JSONSchema) -> JSONTree {
    switch schema {
    case .string(let format, let pattern):
      ["type": "string"] + member("format", format) + member("pattern", pattern)
    case .constant(let text): ["const": .text(text)]
    case .integer: ["type": "integer"]
    case .boolean: ["type": "boolean"]
    case .array(let element): ["type": "array", "items": tree(element)]
    case .object(let name): ["$ref": "#/components/schemas/\(name)"]
    case .foreign: ["type": "object"]
    }
  }

  private static func member(_ name: String, _ text: String?) -> JSONTree {
    .object(text.map { [(name, .text($0))] } ?? [])
  }
}
