/// The log that a new one goes on from: another lane's, or one on another machine.
enum ContinuedLog {
  /// Its folder, or a copy of it.
  case log(String)
  /// The note of its last checkpoint, as it was signed.
  case checkpoint([UInt8])
}
