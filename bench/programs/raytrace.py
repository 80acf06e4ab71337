"""Traces rays through a scene of spheres and planes with reflections, shadows, checkers and a Phong model.

A workload of small immutable vector objects with operators, float arithmetic, method calls and virtual dispatch.
"""

import math
import sys

EPSILON = 0.00001


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    __rmul__ = __mul__

    def __neg__(self):
        return Vector(-self.x, -self.y, -self.z)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def cross(self, other):
        return Vector(self.y * other.z - self.z * other.y, self.z * other.x - self.x * other.z,
                      self.x * other.y - self.y * other.x)

    def length(self):
        return math.sqrt(self.dot(self))

    def normalized(self):
        return self * (1.0 / self.length())

    def reflected(self, normal):
        return self - 2.0 * self.dot(normal) * normal


class Ray:
    __slots__ = ("origin", "direction")

    def __init__(self, origin, direction):
        self.origin = origin
        self.direction = direction.normalized()

    def at(self, distance):
        return self.origin + self.direction * distance


class Color:
    """Red, green and blue as floats; 1.0 is full."""

    __slots__ = ("red", "green", "blue")

    def __init__(self, red, green, blue):
        self.red = red
        self.green = green
        self.blue = blue

    def __add__(self, other):
        return Color(self.red + other.red, self.green + other.green, self.blue + other.blue)

    def scaled(self, factor):
        return Color(self.red * factor, self.green * factor, self.blue * factor)

    def filtered(self, other):
        return Color(self.red * other.red, self.green * other.green, self.blue * other.blue)

    def to_bytes(self):
        return [max(0, min(255, int(part * 255.0 + 0.5))) for part in (self.red, self.green, self.blue)]


class Surface:
    def __init__(self, color, diffuse=0.7, specular=0.3, shine=30, mirror=0.0):
        self.color = color
        self.diffuse = diffuse
        self.specular = specular
        self.shine = shine
        self.mirror = mirror

    def color_at(self, point):
        return self.color


class Checkers(Surface):
    def __init__(self, color, other, size, **options):
        super().__init__(color, **options)
        self.other = other
        self.size = size

    def color_at(self, point):
        cell = int(math.floor(point.x / self.size)) + int(math.floor(point.z / self.size))
        return self.other if cell % 2 else self.color


class Shape:
    """Something a ray can hit."""

    def __init__(self, surface):
        self.surface = surface

    def distance(self, ray):
        """How far along the ray it is hit, or None."""
        raise NotImplementedError

    def normal(self, point):
        raise NotImplementedError


class Sphere(Shape):
    def __init__(self, center, radius, surface):
        super().__init__(surface)
        self.center = center
        self.radius = radius

    def distance(self, ray):
        to_center = self.center - ray.origin
        along = to_center.dot(ray.direction)
        discriminant = self.radius * self.radius - to_center.dot(to_center) + along * along
        if discriminant < 0.0:
            return None
        root = math.sqrt(discriminant)
        for candidate in (along - root, along + root):
            if candidate > EPSILON:
                return candidate
        return None

    def normal(self, point):
        return (point - self.center).normalized()


class Plane(Shape):
    def __init__(self, point, normal, surface):
        super().__init__(surface)
        self.point = point
        self.upward = normal.normalized()

    def distance(self, ray):
        slope = ray.direction.dot(self.upward)
        if abs(slope) < EPSILON:
            return None
        distance = (self.point - ray.origin).dot(self.upward) / slope
        return distance if distance > EPSILON else None

    def normal(self, point):
        return self.upward


class Light:
    def __init__(self, position, color):
        self.position = position
        self.color = color


class Scene:
    def __init__(self, background, ambient, deepest=3):
        self.background = background
        self.ambient = ambient
        self.deepest = deepest
        self.shapes = []
        self.lights = []
        self.rays = 0

    def nearest(self, ray):
        """(distance, shape) of what the ray hits first, or None."""
        self.rays += 1
        best = None
        for shape in self.shapes:
            distance = shape.distance(ray)
            if distance is not None and (best is None or distance < best[0]):
                best = (distance, shape)
        return best

    def is_lit(self, point, light):
        towards = light.position - point
        hit = self.nearest(Ray(point, towards))
        return hit is None or hit[0] > towards.length()

    def color_of(self, ray, depth=0):
        hit = self.nearest(ray)
        if hit is None:
            return self.background
        distance, shape = hit
        point = ray.at(distance)
        normal = shape.normal(point)
        if normal.dot(ray.direction) > 0.0:
            normal = -normal
        surface = shape.surface
        own = surface.color_at(point)
        color = own.filtered(self.ambient)
        for light in self.lights:
            if self.is_lit(point, light):
                color = color + self.lit(surface, own, point, normal, ray, light)
        if surface.mirror > 0.0 and depth < self.deepest:
            reflection = Ray(point, ray.direction.reflected(normal))
            color = color.scaled(1.0 - surface.mirror) + self.color_of(reflection, depth + 1).scaled(surface.mirror)
        return color

    def lit(self, surface, own, point, normal, ray, light):
        """What one light adds by diffuse and specular reflection."""
        towards = (light.position - point).normalized()
        color = own.filtered(light.color).scaled(surface.diffuse * max(0.0, towards.dot(normal)))
        gleam = towards.reflected(normal).dot(ray.direction)
        if gleam > 0.0:
            color = color + light.color.scaled(surface.specular * gleam**surface.shine)
        return color


class Camera:
    def __init__(self, position, target, angle):
        self.position = position
        self.forward = (target - position).normalized()
        self.right = self.forward.cross(Vector(0.0, 1.0, 0.0)).normalized()
        self.up = self.right.cross(self.forward)
        self.extent = math.tan(math.radians(angle) / 2.0)

    def ray_through(self, x, y):
        """The ray through a point of the picture; x and y go from -1 to 1."""
        return Ray(self.position, self.forward + self.right * (x * self.extent) + self.up * (y * self.extent))


def make_scene():
    scene = Scene(Color(0.2, 0.3, 0.5), Color(0.15, 0.15, 0.15))
    scene.lights.append(Light(Vector(-5.0, 8.0, -4.0), Color(0.8, 0.8, 0.7)))
    scene.lights.append(Light(Vector(6.0, 5.0, -6.0), Color(0.3, 0.3, 0.4)))
    floor = Checkers(Color(0.9, 0.9, 0.9), Color(0.1, 0.1, 0.1), 1.5, specular=0.0, mirror=0.15)
    scene.shapes.append(Plane(Vector(0.0, -1.0, 0.0), Vector(0.0, 1.0, 0.0), floor))
    scene.shapes.append(Sphere(Vector(0.0, 0.5, 2.0), 1.5, Surface(Color(0.9, 0.2, 0.2), mirror=0.3)))
    scene.shapes.append(Sphere(Vector(2.2, 0.0, 0.0), 1.0, Surface(Color(0.2, 0.9, 0.3), shine=80)))
    scene.shapes.append(Sphere(Vector(-2.3, -0.2, 0.5), 0.8, Surface(Color(0.2, 0.4, 1.0), mirror=0.5)))
    for index in range(6):
        angle = index * math.pi / 3.0
        surface = Surface(Color(0.5 + 0.08 * index, 0.9 - 0.1 * index, 0.4), mirror=0.1)
        scene.shapes.append(Sphere(Vector(3.5 * math.cos(angle), -0.7, 2.0 + 3.5 * math.sin(angle)), 0.3, surface))
    return scene


def render(scene, camera, width, height):
    rows = []
    for row in range(height):
        y = 1.0 - 2.0 * (row + 0.5) / height
        line = []
        for column in range(width):
            x = (2.0 * (column + 0.5) / width - 1.0) * width / height
            line.append(scene.color_of(camera.ray_through(x, y)).to_bytes())
        rows.append(line)
    return rows


def main(height):
    scene = make_scene()
    camera = Camera(Vector(0.0, 2.0, -8.0), Vector(0.0, 0.0, 1.0), 50.0)
    picture = render(scene, camera, height * 4 // 3, height)
    checksum = 0
    for line in picture:
        for pixel in line:
            for part in pixel:
                checksum = (checksum * 31 + part) & 0xFFFFFFFF
    shades = " .:-=+*#%@"
    for line in picture[:: max(1, height // 8)]:
        print("".join(shades[sum(pixel) * 9 // 765] for pixel in line[:: max(1, height // 24)]))
    print("rays:", scene.rays)
    print("checksum:", checksum)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
