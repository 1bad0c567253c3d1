public import SourceDiagnostics

extension FileError {
  /// The failure as a diagnostic, for reports that mix it with faults in what people wrote.
  public var diagnostic: Diagnostic {
    Diagnostic(code: "I1", message: description, file: path)
  }
}
