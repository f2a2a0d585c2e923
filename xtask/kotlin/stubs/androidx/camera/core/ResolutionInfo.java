// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import android.graphics.Rect;
import android.util.Size;
import org.jspecify.annotations.NonNull;

public class ResolutionInfo {
    public ResolutionInfo(@NonNull Size size, @NonNull Rect rect, int value2) {
        throw new UnsupportedOperationException();
    }

    public @NonNull Rect getCropRect() {
        throw new UnsupportedOperationException();
    }

    public @NonNull Size getResolution() {
        throw new UnsupportedOperationException();
    }

    public int getRotationDegrees() {
        throw new UnsupportedOperationException();
    }
}
