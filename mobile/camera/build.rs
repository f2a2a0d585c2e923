const COMMANDS: &[&str] = &[
    "start",
    "stop",
    "capture",
    "capture_with_system_camera",
    "set_torch",
    "set_automatic",
    "permission",
    "open_settings",
];

fn main() {
    tauri_plugin::Builder::new(COMMANDS).android_path("android").build();
}
