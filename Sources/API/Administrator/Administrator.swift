/// The endpoints under `/api/administrator/`, with which an administrator manages any account of the app.
/// Only the owner can change the owner's account and its records.
public enum Administrator {}
