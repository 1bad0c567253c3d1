internal import DataFields
internal import TreeEnsembles

/// The fields that trees look at, in order of appearance.
final class TreeFields {
  /// A field that was looked up, and its number among those of the trees.
  struct Known {
    var binding: FieldBinding
    var number: Int
  }

  private let compiler: ModelCompiler
  private let scope: FieldScope
  private(set) var slots: [Int] = []
  private(set) var isCategorical: [Bool] = []
  private var numbers: [Int: Int] = [:]
  /// By the codes of names: thousands of nodes ask for the same few.
  private var known: [Known?] = []

  init(_ compiler: ModelCompiler, _ scope: FieldScope) {
    self.compiler = compiler
    self.scope = scope
    known = Array(repeating: nil, count: compiler.reader.fieldNames.count)
  }

  /// The field behind the code of a name; nil if none was found yet.
  func field(_ code: Int32) -> Known? { known[Int(code)] }

  func number(_ binding: FieldBinding) -> Int { numbers[binding.slot] ?? 0 }

  func collect(_ test: TreeModel.Test, of model: TreeModel) {
    switch test {
    case .alwaysTrue, .alwaysFalse: return
    case .simple(let field, _, _, let line), .set(let field, _, _, _, let line):
      if known[Int(field)] != nil { return }
      guard let binding = look(compiler.reader.fieldNames.text(field), line: Int(line)) else {
        return
      }
      known[Int(field)] = Known(binding: binding, number: number(binding))
    case .other(let place): collect(model.predicates[Int(place)])
    }
  }

  private func collect(_ predicate: PredicateSyntax) {
    switch predicate {
    case .alwaysTrue, .alwaysFalse: return
    case .compound(_, let operands):
      for operand in operands { collect(operand) }
    case .simple(let field, _, _, let line), .set(let field, _, _, let line):
      _ = look(field, line: line)
    }
  }

  private func look(_ name: String, line: Int) -> FieldBinding? {
    guard let binding = compiler.lookUp(name, in: scope, line: line, isQuiet: true) else {
      return nil
    }
    if numbers[binding.slot] == nil {
      numbers[binding.slot] = slots.count
      slots.append(binding.slot)
      isCategorical.append(binding.dataType == .string || binding.dataType == .boolean)
    }
    return binding
  }
}
