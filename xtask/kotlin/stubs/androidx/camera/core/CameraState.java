// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public abstract class CameraState {
    public static final int ERROR_CAMERA_DISABLED = 5;
    public static final int ERROR_CAMERA_FATAL_ERROR = 6;
    public static final int ERROR_CAMERA_IN_USE = 2;
    public static final int ERROR_DO_NOT_DISTURB_MODE_ENABLED = 7;
    public static final int ERROR_MAX_CAMERAS_IN_USE = 1;
    public static final int ERROR_OTHER_RECOVERABLE_ERROR = 3;
    public static final int ERROR_STREAM_CONFIG = 4;

    public CameraState() {
        throw new UnsupportedOperationException();
    }

    public static @NonNull CameraState create(CameraState.@NonNull Type type) {
        throw new UnsupportedOperationException();
    }

    public static @NonNull CameraState create(CameraState.@NonNull Type type, CameraState.@Nullable StateError stateError) {
        throw new UnsupportedOperationException();
    }

    public abstract CameraState.@Nullable StateError getError();

    public abstract CameraState.@NonNull Type getType();

    public enum ErrorType {
        CRITICAL,
        RECOVERABLE,
        ;
    }

    public static abstract class StateError {
        public StateError() {
            throw new UnsupportedOperationException();
        }

        public static CameraState.@NonNull StateError create(int value) {
            throw new UnsupportedOperationException();
        }

        public static CameraState.@NonNull StateError create(int value, @Nullable Throwable throwable) {
            throw new UnsupportedOperationException();
        }

        public abstract @Nullable Throwable getCause();

        public abstract int getCode();

        public CameraState.@NonNull ErrorType getType() {
            throw new UnsupportedOperationException();
        }
    }

    public enum Type {
        CLOSED,
        CLOSING,
        OPEN,
        OPENING,
        PENDING_OPEN,
        ;
    }
}
