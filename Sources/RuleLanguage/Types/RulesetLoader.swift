import DataFields
import ReferenceData
import SourceDiagnostics

/// Reads rule files and the files that they use, each once, and checks them in order.
struct RulesetLoader {
  private let files: any RuleFileSource
  private var checker: Checker
  private var nextID = 1
  private var states: [String: State] = [:]
  private var syntaxDiagnostics: [Diagnostic] = []
  private var errorsLeftOut = 0
  /// How long a rule file may be.
  static let maximumFileSize = 4 << 20
  static let maximumLineLength = 64 << 10
  /// How deep files may use files.
  static let maximumUseDepth = 64
  /// How many files one file may use.
  static let maximumUses = 1_000

  private enum State {
    case open
    case failed
    case done(Int)
  }

  init(models: any ModelCatalog, files: any RuleFileSource) {
    self.files = files
    self.checker = Checker(models: models, files: files)
  }

  /// The checked program of the files, what was found in them, and how many errors were left out.
  static func load(_ paths: [String], models: any ModelCatalog, files: any RuleFileSource)
    -> (CheckedProgram, [Diagnostic], errorsLeftOut: Int)
  {
    var loader = RulesetLoader(models: models, files: files)
    for path in paths { loader.loadRoot(path) }
    loader.checkVersions()
    return (
      loader.checker.program, loader.syntaxDiagnostics + loader.checker.diagnostics,
      loader.errorsLeftOut + loader.checker.errorsLeftOut
    )
  }

  private mutating func loadRoot(_ path: String) {
    let plain = RulePath.plain(path)
    do throws(DiagnosticsError) {
      let bytes = try files.bytes(at: path)
      if let index = load(plain, shown: path, bytes: bytes, depth: 0) {
        checker.program.rulesets[index].isRoot = true
      }
    } catch {
      syntaxDiagnostics += error.diagnostics
    }
  }

  /// Loads a file unless it is loaded already.
  private mutating func load(_ plain: String, shown: String, bytes: [UInt8], depth: Int) -> Int? {
    switch states[plain] {
    case .done(let index)?: return index
    case .failed?, .open?: return nil
    case nil: break
    }
    if let fault = Self.sizeFault(bytes, name: shown) {
      syntaxDiagnostics.append(fault)
      states[plain] = .failed
      return nil
    }
    states[plain] = .open
    let file = checker.program.sources.add(SourceFile(name: shown, bytes: bytes))
    let (syntax, tokens, faults) = Parser.parse(
      file, of: checker.program.sources, nextID: &nextID)
    syntaxDiagnostics += faults
    errorsLeftOut += tokens.faultsLeftOut
    let used = loadUsed(syntax, from: shown, depth: depth)
    guard let header = syntax.header else {
      if faults.isEmpty {
        syntaxDiagnostics.append(
          Diagnostic(
            code: "X5", message: "the file declares no ruleset", file: shown,
            help: ["begin with   ruleset a-name version 1 { owner \"...\" }"]))
      }
      states[plain] = .failed
      return nil
    }
    let digest = digest(tokens, used: used.map(\.index))
    let checked = CheckedRuleset(
      header: RulesetHeader(
        name: header.name.text, version: header.version, path: shown, digest: digest,
        owner: header.owner?.value, approved: header.approved?.value,
        source: header.source?.value, effectiveFrom: header.effective?.from,
        effectiveUntil: header.effective?.until),
      file: file, span: header.name.span, visible: [], isRoot: false)
    let index = checker.program.rulesets.count
    checker.check(syntax, header: checked, using: used)
    states[plain] = .done(index)
    return index
  }

  /// Why a file is too large to be read: as a whole, or by its first line that is too long.
  static func sizeFault(_ bytes: [UInt8], name: String) -> Diagnostic? {
    guard bytes.count <= maximumFileSize else {
      return Diagnostic(
        code: "X7",
        message: "a rule file has at most \(maximumFileSize >> 20) MiB, this one has "
          + "\(bytes.count >> 20)", file: name)
    }
    guard let line = longLine(bytes) else { return nil }
    return Diagnostic(
      code: "X7", message: "a line has at most \(maximumLineLength >> 10) KiB", file: name,
      position: SourcePosition(line: line, column: 1))
  }

  private static func longLine(_ bytes: [UInt8]) -> Int? {
    var line = 1
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      if end - rest.startIndex > maximumLineLength { return line }
      line += 1
      rest = rest[(end + 1)...]
    }
    return rest.count > maximumLineLength ? line : nil
  }

  private mutating func loadUsed(_ syntax: RuleFileSyntax, from file: String, depth: Int)
    -> [(index: Int, span: SourceSpan)]
  {
    var used: [(index: Int, span: SourceSpan)] = []
    var count = 0
    for case .use(let use) in syntax.declarations {
      count += 1
      guard count <= Self.maximumUses else {
        syntaxDiagnostics.append(
          Diagnostic(
            "X7", .error, "a file uses at most \(Self.maximumUses) others",
            at: [(use.path.span, "")], in: checker.program.sources))
        break
      }
      let path = RulePath.resolve(use.path.value, from: file)
      func report(_ code: String, _ message: String, notes: [String] = []) -> Diagnostic {
        Diagnostic(
          code, .error, message, at: [(use.path.span, "")], in: checker.program.sources,
          notes: notes)
      }
      if case .open? = states[RulePath.plain(path)] {
        syntaxDiagnostics.append(report("N4", "`\(path)` uses itself, by way of this file"))
        continue
      }
      switch states[RulePath.plain(path)] {
      case .done(let index)?:
        if !used.contains(where: { $0.index == index }) { used.append((index, use.path.span)) }
        continue
      case .failed?: continue
      case .open?, nil: break
      }
      guard depth < Self.maximumUseDepth else {
        syntaxDiagnostics.append(
          report("X6", "files use files more than \(Self.maximumUseDepth) deep"))
        continue
      }
      do throws(DiagnosticsError) {
        let bytes = try files.bytes(at: path)
        if let index = load(RulePath.plain(path), shown: path, bytes: bytes, depth: depth + 1) {
          if !used.contains(where: { $0.index == index }) { used.append((index, use.path.span)) }
        } else if syntaxDiagnostics.isEmpty {
          syntaxDiagnostics.append(report("F1", "`\(path)` cannot be used"))
        }
      } catch {
        syntaxDiagnostics.append(
          report("F1", "cannot read `\(path)`", notes: error.diagnostics.map(\.message)))
      }
    }
    return used
  }

  /// SHA-256 over the tokens, one a line, and the digests of the rulesets that are used.
  ///
  /// Comments and layout do not enter; `_` between digits does not. Lists, rates and models stand
  /// in the text with digests of their own, which the checker compares with the files.
  private func digest(_ file: TokenizedFile, used: [Int]) -> Digest {
    let bytes = checker.program.sources.files[file.file].bytes
    var canonical: [UInt8] = []
    canonical.reserveCapacity(bytes.count)
    for token in file.tokens where token.kind != .endOfFile {
      if token.kind == .number {
        canonical += bytes[token.range].filter { $0 != UInt8(ascii: "_") }
      } else {
        canonical += bytes[token.range]
      }
      canonical.append(UInt8(ascii: "\n"))
    }
    for index in used {
      canonical += checker.program.rulesets[index].header.digest.bytes
    }
    return Digest(of: canonical)
  }

  /// D1: versions of one ruleset must not be in effect on the same day, nor leave days out.
  private mutating func checkVersions() {
    var groups: [String: [Int]] = [:]
    for (index, ruleset) in checker.program.rulesets.enumerated() {
      groups[ruleset.header.name, default: []].append(index)
    }
    for (name, members) in groups.sorted(by: { $0.key < $1.key }) where members.count > 1 {
      let sorted = members.sorted {
        let a = checker.program.rulesets[$0].header.effectiveFrom?.daysSinceEpoch ?? .min
        let b = checker.program.rulesets[$1].header.effectiveFrom?.daysSinceEpoch ?? .min
        return (a, $0) < (b, $1)
      }
      for (earlier, later) in zip(sorted, sorted.dropFirst()) {
        let first = checker.program.rulesets[earlier]
        let second = checker.program.rulesets[later]
        let end = first.header.effectiveUntil
        let start = second.header.effectiveFrom
        if let end, let start, end == start { continue }
        let isHole = end.map { end in start.map { $0 > end } ?? false } ?? false
        checker.report(
          "D1",
          isHole
            ? "no version of `\(name)` is in effect from \(end?.description ?? "") until "
              + "\(start?.description ?? "")"
            : "two versions of `\(name)` are in effect on the same day",
          at: [
            (second.span, "version \(second.header.version)"),
            (first.span, "version \(first.header.version)"),
          ], help: ["each version ends where the next begins:   effective a ..< b"])
      }
    }
  }
}
