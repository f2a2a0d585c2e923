// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import androidx.annotation.RequiresOptIn;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

@RequiresOptIn
@Retention(RetentionPolicy.CLASS)
public @interface ExperimentalLensFacing {
}
