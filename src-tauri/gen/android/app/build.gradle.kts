import java.util.Properties
import org.jetbrains.kotlin.gradle.dsl.JvmTarget

plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
    id("rust")
}

/** Of a file that need not be there. */
fun properties(file: File) = Properties().apply {
    if (file.exists()) file.inputStream().use { load(it) }
}

/** Tauri writes the version from tauri.conf.json into it. */
val tauri = properties(file("tauri.properties"))

/** storeFile, storePassword, keyAlias, keyPassword; see docs/build-phones.md. Git ignores it. */
val keystore = properties(rootProject.file("keystore.properties"))

android {
    compileSdk = 37
    namespace = "lu.folio.app"
    defaultConfig {
        applicationId = "lu.folio.app"
        minSdk = 26
        targetSdk = 37
        versionCode = tauri.getProperty("tauri.android.versionCode", "1").toInt()
        versionName = tauri.getProperty("tauri.android.versionName", "0.0.0")
    }
    androidResources {
        // What the libraries say in other languages is left out.
        localeFilters += listOf("en", "fr", "de", "lb", "pt")
    }
    signingConfigs {
        if (keystore.isNotEmpty()) {
            create("release") {
                storeFile = rootProject.file(keystore.getProperty("storeFile"))
                storePassword = keystore.getProperty("storePassword")
                keyAlias = keystore.getProperty("keyAlias")
                keyPassword = keystore.getProperty("keyPassword")
            }
        }
    }
    buildTypes {
        getByName("debug") {
            isDebuggable = true
            isJniDebuggable = true
            isMinifyEnabled = false
            packaging {
                jniLibs.keepDebugSymbols.add("*/arm64-v8a/*.so")
                jniLibs.keepDebugSymbols.add("*/armeabi-v7a/*.so")
                jniLibs.keepDebugSymbols.add("*/x86/*.so")
                jniLibs.keepDebugSymbols.add("*/x86_64/*.so")
            }
        }
        getByName("release") {
            // R8: what nothing calls is left out. Without a keystore the result is unsigned.
            optimization {
                enable = true
            }
            signingConfig = signingConfigs.findByName("release")
            proguardFiles(
                *fileTree(".") {
                    include("**/*.pro")
                    exclude("build/**")
                }.files.toTypedArray()
            )
        }
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_1_8
        targetCompatibility = JavaVersion.VERSION_1_8
    }
    buildFeatures {
        buildConfig = true
    }
}

kotlin {
    compilerOptions {
        jvmTarget = JvmTarget.JVM_1_8
    }
}

rust {
    rootDirRel = "../../../"
}

dependencies {
    implementation("androidx.webkit:webkit:1.14.0")
    implementation("androidx.appcompat:appcompat:1.7.1")
    implementation("androidx.activity:activity-ktx:1.10.1")
    implementation("com.google.android.material:material:1.12.0")
    implementation("androidx.lifecycle:lifecycle-process:2.10.0")
}

// Tauri writes the plugins' native parts into it.
apply(from = file("tauri.build.gradle.kts"))
