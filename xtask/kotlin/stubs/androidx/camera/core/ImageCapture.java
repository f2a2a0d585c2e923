// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import android.graphics.Bitmap;
import android.net.Uri;
import android.util.Rational;
import android.util.Size;
import androidx.camera.core.resolutionselector.ResolutionSelector;
import java.io.File;
import java.io.OutputStream;
import java.util.concurrent.Executor;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public final class ImageCapture extends UseCase {
    public static final int CAPTURE_MODE_MAXIMIZE_QUALITY = 0;
    public static final int CAPTURE_MODE_MINIMIZE_LATENCY = 1;
    @ExperimentalZeroShutterLag
    public static final int CAPTURE_MODE_ZERO_SHUTTER_LAG = 2;
    public static final int ERROR_CAMERA_CLOSED = 3;
    public static final int ERROR_CAPTURE_FAILED = 2;
    public static final int ERROR_FILE_IO = 1;
    public static final int ERROR_INVALID_CAMERA = 4;
    public static final int ERROR_UNKNOWN = 0;
    public static final int FLASH_MODE_AUTO = 0;
    public static final int FLASH_MODE_OFF = 2;
    public static final int FLASH_MODE_ON = 1;
    public static final int FLASH_MODE_SCREEN = 3;
    public static final int OUTPUT_FORMAT_JPEG = 0;
    public static final int OUTPUT_FORMAT_JPEG_ULTRA_HDR = 1;
    public static final int OUTPUT_FORMAT_RAW = 2;
    public static final int OUTPUT_FORMAT_RAW_JPEG = 3;

    private ImageCapture() {}

    public int getCaptureMode() {
        throw new UnsupportedOperationException();
    }

    public int getFlashMode() {
        throw new UnsupportedOperationException();
    }

    public int getJpegQuality() {
        throw new UnsupportedOperationException();
    }

    public int getOutputFormat() {
        throw new UnsupportedOperationException();
    }

    public @Nullable ResolutionInfo getResolutionInfo() {
        throw new UnsupportedOperationException();
    }

    public @Nullable ResolutionSelector getResolutionSelector() {
        throw new UnsupportedOperationException();
    }

    public int getTargetRotation() {
        throw new UnsupportedOperationException();
    }

    public void setCropAspectRatio(@NonNull Rational rational) {
        throw new UnsupportedOperationException();
    }

    public void setFlashMode(int value) {
        throw new UnsupportedOperationException();
    }

    public void setTargetRotation(int value) {
        throw new UnsupportedOperationException();
    }

    public void takePicture(ImageCapture.@NonNull OutputFileOptions outputFileOptions, @NonNull Executor executor, ImageCapture.@NonNull OnImageSavedCallback onImageSavedCallback) {
        throw new UnsupportedOperationException();
    }

    public void takePicture(@NonNull Executor executor, ImageCapture.@NonNull OnImageCapturedCallback onImageCapturedCallback) {
        throw new UnsupportedOperationException();
    }

    public static final class Builder implements ExtendableBuilder<ImageCapture> {
        public Builder() {
            throw new UnsupportedOperationException();
        }

        public @NonNull ImageCapture build() {
            throw new UnsupportedOperationException();
        }

        public ImageCapture.@NonNull Builder setCaptureMode(int value) {
            throw new UnsupportedOperationException();
        }

        public ImageCapture.@NonNull Builder setFlashMode(int value) {
            throw new UnsupportedOperationException();
        }

        public ImageCapture.@NonNull Builder setIoExecutor(@NonNull Executor executor) {
            throw new UnsupportedOperationException();
        }

        public ImageCapture.@NonNull Builder setJpegQuality(int value) {
            throw new UnsupportedOperationException();
        }

        public ImageCapture.@NonNull Builder setOutputFormat(int value) {
            throw new UnsupportedOperationException();
        }

        public ImageCapture.@NonNull Builder setResolutionSelector(@NonNull ResolutionSelector resolutionSelector) {
            throw new UnsupportedOperationException();
        }

        @Deprecated
        public ImageCapture.@NonNull Builder setTargetAspectRatio(int value) {
            throw new UnsupportedOperationException();
        }

        public ImageCapture.@NonNull Builder setTargetName(@NonNull String string) {
            throw new UnsupportedOperationException();
        }

        @Deprecated
        public ImageCapture.@NonNull Builder setTargetResolution(@NonNull Size size) {
            throw new UnsupportedOperationException();
        }

        public ImageCapture.@NonNull Builder setTargetRotation(int value) {
            throw new UnsupportedOperationException();
        }
    }

    public static abstract class OnImageCapturedCallback {
        public OnImageCapturedCallback() {
            throw new UnsupportedOperationException();
        }

        public void onCaptureProcessProgressed(int value) {
            throw new UnsupportedOperationException();
        }

        public void onCaptureStarted() {
            throw new UnsupportedOperationException();
        }

        public void onCaptureSuccess(@NonNull ImageProxy imageProxy) {
            throw new UnsupportedOperationException();
        }

        public void onError(@NonNull ImageCaptureException imageCaptureException) {
            throw new UnsupportedOperationException();
        }

        public void onPostviewBitmapAvailable(@NonNull Bitmap bitmap) {
            throw new UnsupportedOperationException();
        }
    }

    public interface OnImageSavedCallback {
        default void onCaptureProcessProgressed(int value) {
            throw new UnsupportedOperationException();
        }

        default void onCaptureStarted() {
            throw new UnsupportedOperationException();
        }

        void onError(@NonNull ImageCaptureException imageCaptureException);

        void onImageSaved(ImageCapture.@NonNull OutputFileResults outputFileResults);

        default void onPostviewBitmapAvailable(@NonNull Bitmap bitmap) {
            throw new UnsupportedOperationException();
        }
    }

    public static final class OutputFileOptions {
        private OutputFileOptions() {}

        public static final class Builder {
            public Builder(@NonNull File file) {
                throw new UnsupportedOperationException();
            }

            public Builder(@NonNull OutputStream outputStream) {
                throw new UnsupportedOperationException();
            }

            public ImageCapture.@NonNull OutputFileOptions build() {
                throw new UnsupportedOperationException();
            }
        }
    }

    public static class OutputFileResults {
        private OutputFileResults() {}

        public int getImageFormat() {
            throw new UnsupportedOperationException();
        }

        public @Nullable Uri getSavedUri() {
            throw new UnsupportedOperationException();
        }
    }
}
