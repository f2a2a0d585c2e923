// A stub, written by hand from the public API of androidx.annotation-experimental 1.4: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

@Target(ElementType.ANNOTATION_TYPE)
public @interface RequiresOptIn {
}
