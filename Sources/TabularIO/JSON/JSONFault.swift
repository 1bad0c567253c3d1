/// What is wrong with a JSON text, and at which byte.
struct JSONFault: Error {
  var code: RecordFault.Code = .malformedJSON
  var reason: StaticString
  var offset: Int
}
