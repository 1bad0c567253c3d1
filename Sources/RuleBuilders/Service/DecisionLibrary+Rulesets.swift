public import Decisions
public import RuleLanguage
public import SourceDiagnostics

extension DecisionLibrary {
  /// Loads rulesets that are written in Swift, as if their texts were files in a folder.
  ///
  /// - Parameters:
  ///   - folder: to which the rulesets' paths, and the files that they name, are relative.
  ///   - files: where rulesets in files and reference data are read; the disk by default.
  /// - Throws: `DiagnosticsError` with every fault of every ruleset, at its place in the printed
  ///   text, with a note on the line of Swift that built it.
  public init(
    _ rulesets: Ruleset..., in folder: String = "",
    files: any RuleFileSource = RuleFilesOnDisk()
  ) throws(DiagnosticsError) {
    let built = BuiltRuleFiles(rulesets, in: folder, over: files)
    do throws(DiagnosticsError) {
      let library = try DecisionLibrary(rules: built.paths, files: built)
      self.init(
        program: library.program, models: library.models, notes: built.located(library.notes))
    } catch {
      throw DiagnosticsError(built.located(error.diagnostics))
    }
  }
}
